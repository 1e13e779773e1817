"""What a configuration says differently from the one before."""

from crawler.config.find import read
from crawler.daemon.changes import Changes, changes

BEFORE = """
politeness: {delay: 2s}
sources:
  - feed: https://a.example/feed
  - feed: https://b.example/feed
    every: 5m
"""


def differ(before, after):
    return changes(read(before.encode(), "before"), read(after.encode(), "after"))


def test_the_same_said_otherwise_is_no_change():
    found = differ(BEFORE, "# a word\n" + BEFORE.replace("2s", "2000ms"))
    assert found == Changes()
    assert found.nothing


def test_sources_are_added_paused_and_changed():
    after = BEFORE.replace("https://a.example/feed", "https://c.example/feed").replace("5m", "10m")
    assert differ(BEFORE, after) == Changes(
        added=("https://c.example/feed",), paused=("https://a.example/feed",), changed=("https://b.example/feed",)
    )


def test_an_address_written_otherwise_is_still_the_same_source():
    found = differ(BEFORE, BEFORE.replace("https://a.example/feed", "https://A.example:443/feed"))
    assert (found.added, found.paused) == ((), ())


def test_settings_are_named_and_their_values_are_not_told():
    found = differ(BEFORE, BEFORE.replace("2s", "5s") + "fetch: {user_agent: secret, hops: 3}\n")
    assert found.settings == ("fetch.user_agent", "fetch.hops", "politeness.delay")
    assert "secret" not in str(found)


def test_hooks_are_settings_too():
    found = differ(BEFORE, BEFORE + "hooks: {on_article: [{command: [cat]}]}\n")
    assert found.settings == ("hooks",)


def test_where_it_lies_cant_change():
    found = differ(BEFORE, BEFORE + "archive: {dir: elsewhere}\nstore: {path: other.db}\n")
    assert set(found.fixed) == {"archive.dir", "store.path"}
