"""A page, opened without a network: what it asks for and what it says is recorded."""

from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Request

LOOKS = (Path(__file__).parent / "looks.js").read_text(encoding="utf-8")
HEIGHT = 900
Scheme = Literal["light", "dark"]


class Opened:
    """A file that is open in a window of its own.

    Attributes
    ----------
    page : playwright.sync_api.Page
        The page.
    requested : list of str
        What was asked for besides the file itself.
    said : list of str
        What was said on the console or thrown.
    asked : list of str
        What the reader was asked in a dialogue.
    """

    def __init__(
        self, browser: Browser, file: Path, *, width: int, scheme: Scheme, scripts: bool, offline: bool
    ) -> None:
        self.context = browser.new_context(
            offline=offline,
            java_script_enabled=scripts,
            color_scheme=scheme,
            viewport={"width": width, "height": HEIGHT},
        )
        address = file.as_uri()
        self.requested: list[str] = []
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = self.context.new_page()

        def requests(request: Request) -> None:
            if request.url != address:
                self.requested.append(request.url)

        def console(message: ConsoleMessage) -> None:
            self.said.append(message.text)

        def thrown(error: Error) -> None:
            self.said.append(error.message)

        def dialog(asking: Dialog) -> None:
            self.asked.append(asking.message)
            asking.dismiss()

        self.page.on("request", requests)
        self.page.on("console", console)
        self.page.on("pageerror", thrown)
        self.page.on("dialog", dialog)
        self.page.goto(address)

    def measure(self, look: str) -> Any:
        """Call one of the functions of `looks.js`."""
        return self.page.evaluate(f"{LOOKS}.{look}()")

    def violations(self) -> list[str]:
        """What axe finds, folded or not: the rule, the place and the reason."""
        self.open_details()
        return [
            f"{rule['id']} at {' '.join(map(str, node['target']))}: {node['failureSummary']} {node['html'][:200]}"
            for rule in Axe().run(self.page).response["violations"]
            for node in rule["nodes"]
        ]

    def open_details(self) -> None:
        """Open all that is folded."""
        self.page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
