"""What a person may have any number of, each with a label: phones, addresses, web pages, handles, dates.

`webui.store.values.person.LISTS` says what a row of each may hold.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.models.base import RECORDED, Base, Text


class Detail:
    """What the rows of all these tables have: whose they are, and a label as Work or Home."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-3)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True, sort_order=-2
    )
    label: Mapped[str] = mapped_column(Text(60), default="", sort_order=-1)


class UserPhone(Detail, Base):
    """A phone number as it was typed; `phone_key` is its E.164 form (ITU-T), where that is sure."""

    __tablename__ = "user_phones"
    __table_args__ = (RECORDED,)

    phone: Mapped[str] = mapped_column(Text(80))
    phone_key: Mapped[str | None] = mapped_column(Text(20), index=True)


class UserAddress(Detail, Base):
    """A postal address, in the parts that vCard has (RFC 6350, 6.3.1)."""

    __tablename__ = "user_addresses"
    __table_args__ = (RECORDED,)

    street: Mapped[str] = mapped_column(Text(200), default="")
    extra: Mapped[str] = mapped_column(Text(200), default="")
    po_box: Mapped[str] = mapped_column(Text(60), default="")
    postal_code: Mapped[str] = mapped_column(Text(40), default="")
    city: Mapped[str] = mapped_column(Text(120), default="")
    region: Mapped[str] = mapped_column(Text(120), default="")
    country: Mapped[str] = mapped_column(Text(120), default="")


class UserLink(Detail, Base):
    """A web page of a person or about one."""

    __tablename__ = "user_links"
    __table_args__ = (RECORDED,)

    url: Mapped[str] = mapped_column(Text(2000))


class UserHandle(Detail, Base):
    """What a person is called on a messenger or a network; the label is its name."""

    __tablename__ = "user_handles"
    __table_args__ = (RECORDED,)

    handle: Mapped[str] = mapped_column(Text(320))


class UserDate(Detail, Base):
    """A day that matters: `date` as in `values.dates`, NULL where `typed` could not be read as one."""

    __tablename__ = "user_dates"
    __table_args__ = (RECORDED,)

    date: Mapped[str | None] = mapped_column(Text(10))
    typed: Mapped[str] = mapped_column(Text(60))
