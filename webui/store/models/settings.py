"""What belongs to the database itself and can be undone: its title, the e-mail rule."""

from sqlalchemy.orm import Mapped, mapped_column

from webui.store.models.base import RECORDED, Base, Text


class Setting(Base):
    """A named value; a setting without a row has its default (`webui.store.settings`)."""

    __tablename__ = "settings"
    __table_args__ = (RECORDED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text(40), unique=True)
    value: Mapped[str]
