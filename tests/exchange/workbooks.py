"""Small workbooks for tests, written part by part, so that they can also be what no program would write."""

import io
import zipfile

_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
_RELATED = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = f'<Relationship Id="{{}}" Type="{_KINDS}/{{}}" Target="{{}}"/>'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = f'xmlns:r="{_KINDS}"'
ZEROS = f"""<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="00000"/></numFmts>
<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"""


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """Return a zip of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def xlsx(*rows: str, dimension: str = "", **more: str) -> bytes:
    """Return a workbook with a sheet of `rows`; each further one by its name."""
    sheets = {"People": "".join(rows), **more}
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
    related = "".join(
        _RELATION.format(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATED.format(_RELATION.format("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook {_MAIN} {_OFFICE}><sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _RELATED.format(
            related + _RELATION.format("rs", "styles", "styles.xml")
        ),
        "xl/styles.xml": ZEROS,
    }
    for number, content in enumerate(sheets.values(), 1):
        told = f'<dimension ref="{dimension}"/>' if dimension else ""
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f"<worksheet {_MAIN}>{told}<sheetData>{content}</sheetData></worksheet>"
        )
    return zipped(parts)


def row(number: int, *cells: str | float | bool) -> str:
    """Return a row of cells from A on; a text in ZERO's form is a number shown with zeros."""
    made = []
    for letter, cell in zip("ABCDEFGH", cells, strict=False):
        if isinstance(cell, bool):
            made.append(f'<c r="{letter}{number}" t="b"><v>{int(cell)}</v></c>')
        elif isinstance(cell, float | int):
            made.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
        elif cell.startswith("00000:"):
            made.append(f'<c r="{letter}{number}" s="1"><v>{cell[6:]}</v></c>')
        elif cell:
            made.append(
                f'<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">{cell}</t></is></c>'
            )
    return f'<row r="{number}">{"".join(made)}</row>'


def ods(*rows: str, before: str = "") -> bytes:
    """Return a spreadsheet of OpenDocument with these rows."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="People">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def ods_row(*cells: str, times: int = 1) -> str:
    """Return a row of texts; a cell that begins with < stands as it is."""
    made = [
        cell if cell.startswith("<") else f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>"
        for cell in cells
    ]
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(made)}</table:table-row>'


def ods_cell(kind: str, value: str, shown: str) -> str:
    """Return a cell of a kind, with its value as an attribute and what it shows."""
    return f'<table:table-cell office:value-type="{kind}" {value}><text:p>{shown}</text:p></table:table-cell>'
