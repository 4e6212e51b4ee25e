"""Where phones without a country's code belong to, asked once where the roster does not say it."""

from sqlalchemy import Engine

from webui.exchange import matching
from webui.exchange.plan import Plan
from webui.store.errors import Invalid, Message
from webui.store.values import phones


def open_phone(planned: Plan) -> str | None:
    """Return the first phone of which nobody knows the country, where no region is set; None without one."""
    if planned.about("region"):
        return None
    found = planned.connection.execute(
        "SELECT phone FROM staged_phones WHERE phone_key IS NULL AND phone GLOB '0[1-9]*' LIMIT 1"
    ).fetchone()
    return str(found[0]) if found else None


def tell(engine: Engine, planned: Plan, region: str) -> None:
    """Say where phones without a country's code belong to; the import sets that for the roster, as one step
    with all else. "" for nowhere. Raises Invalid for a region there is not."""
    if region and region not in phones.regions():
        raise Invalid({"phone_region": Message("phone_region.unknown", {"value": region})})
    planned.note(region_told=region)
    matching.match(planned, str(engine.url.database))
