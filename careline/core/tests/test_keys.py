import pytest

from careline.core.keys import KeyField


@pytest.mark.parametrize("key", ["words-0123456789abcdef", "k1", "a" * 64])
def test_a_key_is_kept(key: str) -> None:
    assert KeyField().clean(key) == key


@pytest.mark.parametrize("key", [None, "", "a b", "a" * 65, "é", "\x00", "k1\n", ["k1"]])
def test_a_missing_or_strange_key_is_replaced(key: object) -> None:
    fresh = [KeyField().clean(key) for _twice in range(2)]

    assert fresh[0] != fresh[1]
    assert key not in fresh
