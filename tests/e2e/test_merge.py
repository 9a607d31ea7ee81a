"""After `git merge`: one line at least, never a block, the truth about what came."""

from tests.e2e.shop import ITEMS, SECOND, Shop, shop  # noqa: F401 - a fixture


def add_items_on_feature(shop: Shop) -> None:  # noqa: F811
    shop.repo.git("checkout", "-q", "-b", "feature/items")
    shop.repo.write(SECOND, ITEMS)
    shop.repo.commit("Items", "--no-verify")
    shop.repo.git("checkout", "-q", "dev")


def test_a_merge_says_what_came_and_what_is_pending(shop: Shop) -> None:  # noqa: F811
    add_items_on_feature(shop)
    for words in ("--ff-only", "--no-ff"):
        printed = shop.repo.git("merge", words, "--no-edit", "feature/items")
        assert "brought 1 migration file: new 20250102000000_create_items.sql" in printed
        assert "1 pending in dev" in printed
        assert "migrate-hooks apply --env=dev" in printed
        shop.repo.git("reset", "-q", "--hard", "origin/dev")


def test_an_unreachable_database_does_not_block_and_is_not_clean(shop: Shop) -> None:  # noqa: F811
    add_items_on_feature(shop)
    shop.unplug("dev")
    printed = shop.repo.git("merge", "feature/items")
    assert "dev was NOT CHECKED" in printed
    assert "Next: migrate-hooks env check dev" in printed
    assert "clean" not in printed
    assert "canary-password" not in printed


def test_a_broken_configuration_does_not_block_a_merge(shop: Shop) -> None:  # noqa: F811
    add_items_on_feature(shop)
    shop.repo.write("migrate-hooks.toml", "nonsense = 1\n")
    printed = shop.repo.git("merge", "feature/items")
    assert "unknown key: nonsense" in printed
