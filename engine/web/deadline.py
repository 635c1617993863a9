"""One deadline: by when, why then, whose it is, and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markdown_it import MarkdownIt
from markupsafe import Markup

from engine.planning.plan import Deadline
from engine.planning.status import state
from engine.planning.workflow import Holder
from engine.service.plans import View
from engine.web.coming import Badge, badge, committee_title
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.explain import legal_sentence, sentence
from engine.wording.holders import holder_words, responsible_words
from engine.wording.lengths import listing
from engine.wording.sources import sources_words
from engine.wording.telling import capital

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")
"""Text of the administrators: no HTML passes, and no image is fetched from anywhere."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A text that a duty stands in; `url` is empty where it is not on the net."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class About:
    """Everything that the page of a deadline says."""

    title: str
    committee: str
    workflow: str
    about: Markup
    when: str
    why: str
    basis: tuple[Basis, ...]
    responsible: str
    informed: str
    if_missed: str
    badge: Badge


def about(deadline: Deadline, view: View, today: date, language: Language) -> About:
    """What there is to say of a deadline that anybody may see."""
    plan, organisation = view.plan, view.now.edition.organisation
    terms = deadline.terms
    return About(
        title=deadline.title,
        committee=committee_title(deadline, organisation),
        workflow=deadline.workflow_title or say("followup.title", language),
        about=_marked_up(_about_of(deadline, view)),
        when=_when(deadline, language),
        why=sentence(deadline, plan, language),
        basis=tuple(
            Basis(capital(sources_words((source,), language)), source.url or "")
            for source in terms.source
        ),
        responsible=capital(responsible_words(deadline, organisation, language)),
        informed=capital(_informed(terms.inform, deadline, view, language)),
        if_missed=terms.if_missed or "",
        badge=badge(deadline, state(deadline, plan, today), language),
    )


def _about_of(deadline: Deadline, view: View) -> str:
    """What the file says of the whole workflow; a follow-up has no file."""
    workflow = view.now.edition.workflows.get(deadline.workflow)
    return (workflow.about or "") if workflow else ""


def _when(deadline: Deadline, language: Language) -> str:
    """The day to act by; with the day of the text in words where they are two."""
    if deadline.due_on is None:
        return say("page.when-missing" if deadline.missing else "page.when-open", language)
    told = legal_sentence(deadline, language)
    if told:
        return told
    words = say(f"page.when-{deadline.kind}", language, day=long_day(deadline.due_on, language))
    return capital(words)


def _informed(holders: Iterable[Holder], deadline: Deadline, view: View, language: Language) -> str:
    organisation = view.now.edition.organisation
    words = (holder_words(holder, deadline.committee, organisation, language) for holder in holders)
    return listing(dict.fromkeys(words), language)


def _marked_up(text: str) -> Markup:
    # Safe as markup: the parser escapes HTML and refuses links that run anything.
    return Markup(_MARKDOWN.render(text))
