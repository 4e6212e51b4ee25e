"""The line below a sheet that adds up what stands above it: nobody, with a word where names stand."""

from collections.abc import Mapping

from webui.store.values import text

_WORDS = {
    *("total", "totals", "grand total", "subtotal", "sum", "average", "count"),
    *("summe", "gesamt", "gesamtsumme", "zwischensumme", "insgesamt", "durchschnitt", "mittelwert", "anzahl"),
    *("summa", "totalt", "delsumma", "medelvärde", "antal", "i alt", "yhteensä", "totaal", "som", "aantal"),
    *("total général", "sous-total", "somme", "moyenne", "nombre", "total general", "suma", "promedio"),
    *("totale", "somma", "media", "razem", "łącznie", "celkem", "součet", "összesen", "toplam"),
    *("итого", "всего", "сумма", "σύνολο", "合計", "总计", "합계", "σ", "∑"),
}
_AROUND = " :.=-–—/()0123456789"  # “Summe 2026:”


def word(form: Mapping[str, str]) -> str:
    """Return what names the person of a row where that is a word for a sum, '' else."""
    parts = " ".join(filter(None, (form.get("given"), form.get("family"))))
    said = parts or form.get("display_name") or form.get("username") or ""
    return said if text.one_line(said).strip(_AROUND).casefold() in _WORDS else ""
