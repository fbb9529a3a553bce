"""Where a hosted model is asked: its name, the address, and the key that is never shown."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from bakeoff.core.errors import EndpointError, UsageError

OWN_KEY = "BAKEOFF_LLM_KEY"
OPENAI_KEY = "OPENAI_API_KEY"
_OPENAI_HOSTS = ("openai.com", "openai.azure.com")
_SPEC = re.compile(r"(?P<model>.+?)@(?P<url>[A-Za-z][A-Za-z0-9+.-]*://.*)", re.DOTALL)
_FORM = "MODEL@BASE_URL, for example gpt-4.1-mini@https://api.openai.com/v1"


class Secret:
    """A text that shows itself to nobody who does not ask for it by `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def hide_in(self, text: str) -> str:
        """Return ``text`` without the secret: servers like to quote a key that they refuse."""
        return text.replace(self._text, "[key]")

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not copied or written")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model behind an OpenAI-compatible address.

    Args:
        model: As the endpoint calls it.
        base_url: Without ``/chat/completions``; made uniform, as answers are kept under it.
        key_variable: Name of the environment variable that holds the key. Empty:
            ``BAKEOFF_LLM_KEY``, else ``OPENAI_API_KEY``, which goes to OpenAI, Azure's OpenAI and
            this machine alone: it must not reach whoever else is compared.

    Raises:
        UsageError: The address cannot be used, or would betray a key.

    Example:
        >>> Endpoint.parse("qwen3@http://127.0.0.1:8000/v1/").base_url
        'http://127.0.0.1:8000/v1'
    """

    model: str
    base_url: str
    key_variable: str = ""

    def __post_init__(self) -> None:
        if not self.model.strip():
            raise UsageError("the endpoint's model has no name", fix=f"write {_FORM}")
        object.__setattr__(self, "base_url", _uniform(self.base_url))

    @classmethod
    def parse(cls, spec: str, *, key_variable: str = "") -> Endpoint:
        """Read ``MODEL@BASE_URL``.

        Raises:
            UsageError: It has another form, or the address cannot be used.
        """
        match = _SPEC.fullmatch(spec.strip())
        if match is None:
            # The text itself is not quoted: it may hold a password.
            raise UsageError("this names no model at an address", fix=f"write {_FORM}")
        endpoint = cls(match["model"].strip(), match["url"], key_variable)
        endpoint.key()
        return endpoint

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")

    def key(self) -> Secret | None:
        """Return the key as the environment has it now, or None.

        Raises:
            UsageError: The key would go over plain http to another machine.
            EndpointError: It cannot be sent in a header.
        """
        name = self.key_variable or self._usual_variable()
        text = os.environ.get(name, "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isprintable()):
            raise EndpointError(
                f"the key in ${name} holds characters that no header can carry",
                where=self.base_url,
                fix=f"export {name} again, the key alone and in one line",
            )
        if self.base_url.startswith("http:") and not self.is_local:
            raise UsageError(
                f"the key in ${name} would be readable on its way to {self.base_url}",
                why="http to another machine is not encrypted",
                fix=f"use https, or unset {name} if that server needs no key",
            )
        return Secret(text)

    def _usual_variable(self) -> str:
        host = urlsplit(self.base_url).hostname or ""
        is_openai = any(host == known or host.endswith("." + known) for known in _OPENAI_HOSTS)
        if not os.environ.get(OWN_KEY, "").strip() and (is_openai or self.is_local):
            return OPENAI_KEY
        return OWN_KEY


def _uniform(url: str) -> str:
    """Return the address in the one form under which answers are kept.

    Raises:
        UsageError: It cannot be used; nothing of it is quoted that may be a password.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError("the endpoint's address is no URL", fix=f"write {_FORM}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(
            f"an endpoint's address begins with http:// or https://, not '{parts.scheme}://'",
            fix=f"write {_FORM}",
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"the address of {host} holds a user name or a password",
            why="it would be stored with the plan and shown on the page",
            fix=f"take it out and export {OWN_KEY} instead",
        )
    if parts.query or parts.fragment:
        raise UsageError(
            f"the address of {host} holds a '?' or '#' part",
            why="a key in there would be stored with the plan and shown on the page",
            fix=f"give the address up to /v1, and the key in {OWN_KEY}",
        )
    shown = f"[{host}]" if ":" in host else host
    place = shown if port is None else f"{shown}:{port}"
    path = parts.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    return urlunsplit((parts.scheme, place, path, "", ""))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
