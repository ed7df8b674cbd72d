"""JSON with a row a line says what JSON says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yomicast.export.rows import rows_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), values, max_size=5), st.integers(1, 3))
def test_what_is_written_is_what_is_read(value, depth):
    assert json.loads(rows_json(value, depth=depth)) == value


@given(st.lists(st.text(), min_size=1, max_size=9))
def test_a_row_stands_on_a_line_of_its_own(rows):
    assert [json.loads(line.removesuffix(",")) for line in rows_json({"rows": rows}).split("\n")[2:-2]] == rows


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValueError, match="JSON"):
        rows_json({"a": [number]})
