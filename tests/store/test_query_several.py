"""Several values in the brackets of one field: what is to be written instead, where that is clear."""

import pytest
from sqlalchemy.orm import Session

from webui.store import errors, query


@pytest.mark.parametrize(
    ("q", "instead"),
    [
        ("tag:(choir or b) a", "(tag:choir or tag:b) a"),
        ('-tag:(choir OR "big band")', '-(tag:choir or tag:"big band")'),
        ("tag:(choir b)", "tag:choir tag:b"),
        ("tag:(choir AND b)", "tag:choir tag:b"),
        ("a -tag:(choir b)", "a -(tag:choir tag:b)"),
        ("tag:(choir, b)", "tag:choir tag:b"),
        ("age:>(30 or 40)", "(age:>30 or age:>40)"),
        ("tag:(a or b c)", ""),
        ("tag:( )", ""),
        ("tag:(or or)", ""),
    ],
)
def test_several_values_of_a_field_are_told_to_be_written_each(
    session: Session, q: str, instead: str
) -> None:
    with pytest.raises(errors.Unreadable) as caught:
        query.read(session, q)
    assert (caught.value.message.id, caught.value.instead) == ("query.several", instead)
    if instead:
        query.read(session, instead)
