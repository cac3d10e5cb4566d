"""The author and the date that a page shows are its own: not those of its quotations, pictures and changes."""

import pytest

from worker.parse.facts.dates import PublicationDate
from worker.parse.pages.markup import tree
from worker.parse.pages.page_head import PageHead, page_head

TEXT = "<p>The pier will stay closed until the autumn, the council said on Tuesday, after divers found a crack.</p>" * 3


def read(article: str, head: str = "") -> PageHead:
    """Return the fields of a page with this in its article."""
    title = "<h1>Pier stays closed until autumn</h1>"
    return page_head(
        tree(f"<html lang=en><head>{head}</head><body><article>{title}{article}{TEXT}</article></body></html>")
    )


@pytest.mark.parametrize(
    "part",
    [
        "<p>The meeting on <time datetime='2024-12-25'>Christmas Day</time> will go on as planned, it said.</p>",
        "<ul><li>Tickets are sold from <time datetime='2024-12-25'>25 December</time> at the pier.</li></ul>",
        f"<p>{'It rained for weeks. ' * 6}On <b><time datetime='2024-12-25'>25 December</time></b> it dried.</p>",
        "<div class='updated-date'><i class='icon'></i><time datetime='2024-03-05'>5 March</time></div>",
        "<div><span>Last updated on</span><span> </span><time datetime='2024-03-05'>5 March</time></div>",
        "<div><div><b>Updated:</b></div><div><time datetime='2024-03-05'>5 March</time></div></div>",
        "<p>Updated: <b>today</b> <time datetime='2024-03-05'>5 March</time></p>",
        "<p>See you on <time datetime='2024-12-25'>25 December</time>!</p>",
        "<article><a href='/b'><h3>Circus comes</h3></a><time datetime='2024-01-01'>1 Jan</time></article>",
        "<p>Mis à jour le <time datetime='2024-03-05'>5 mars</time></p>",
    ],
)
def test_dates_that_are_not_those_of_publication(part: str) -> None:
    assert read(part).date is None


@pytest.mark.parametrize(
    "part",
    [
        "<p>Published <time datetime='2024-03-04'>4 March</time> Updated <time datetime='2024-03-05'>5th</time></p>",
        "<p>Updated <time datetime='2024-03-05'>5th</time> Published <time datetime='2024-03-04'>4 March</time></p>",
        "<p>Updated: 5 March 2024 | <time datetime='2024-03-04'>4 March</time></p>",
        "<p>This article was first published on <time datetime='2024-03-04'>4 March</time>.</p>",
        "<p>By Ann Hale, <time datetime='2024-03-04'>4 March</time> in News</p>",
        "<time class='entry-date published updated' datetime='2024-03-04'>4 March</time>",
        "<div><span>Posted on</span> <span><time datetime='2024-03-04'>4 March</time></span></div>",
    ],
)
def test_dates_of_publication(part: str) -> None:
    date = read(part).date
    assert isinstance(date, PublicationDate)
    assert date.at[:10] == "2024-03-04"


@pytest.mark.parametrize(
    "part",
    [
        "<blockquote><p>It is cold.</p><span class='author'>Mark Twain</span></blockquote>",
        "<footer class='quote-author'>Mark Twain</footer>",
        "<div class='pullquote'><p>It is cold.</p><span class='author'>Mark Twain</span></div>",
        "<figure><figcaption>A pier. <span class='photo-author'>Tom Roe</span></figcaption></figure>",
        "<div class='photo-author'>Tom Roe</div>",
        "<div class='comment-author'>Tom Roe</div>",
        "<div itemscope itemtype='https://schema.org/ImageObject'><span itemprop='author'>Tom Roe</span></div>",
        "<article><h3><a href='/b'>Circus comes</a></h3><a rel='author' href='/tom'>Tom Roe</a></article>",
    ],
)
def test_authors_of_other_works(part: str) -> None:
    assert read(part).authors == ()
    assert read(f"{part}<div class='article-author'>Ann Hale</div>").authors == ("Ann Hale",)


@pytest.mark.parametrize(
    "part",
    [
        "<div class='byline has-photo'>By Ann Hale</div>",
        "<div class='author-with-image'><a rel='author' href='/ann'>Ann Hale</a></div>",
        "<div class='post format-quote'><span class='author'>Ann Hale</span></div>",
    ],
)
def test_authors_of_the_article(part: str) -> None:
    assert read(part).authors == ("Ann Hale",)
