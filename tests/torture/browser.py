"""What a browser makes of replayed pages; run in an environment that has playwright. Arguments: shell, folder, addresses."""

from __future__ import annotations

import contextlib
import json
import sys

from playwright.sync_api import Error, sync_playwright


def main(shell: str, folder: str, views: list[str]) -> None:
    found = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for number, view in enumerate(views):
            page = browser.new_page(viewport={"width": 1000, "height": 900})
            asked, dialogs, popups = [], [], []
            page.context.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("dialog", lambda dialog, dialogs=dialogs: (dialogs.append(dialog.message), dialog.dismiss()))
            page.on("popup", lambda popup, popups=popups: popups.append(popup.url))
            page.goto(shell + view)
            page.wait_for_timeout(1500)
            frame = page.frames[-1]
            text = frame.locator("body").inner_text(timeout=10_000)
            direction = frame.locator("html").get_attribute("dir", timeout=10_000)
            page.screenshot(path=f"{folder}/{number}.png")
            links = frame.locator("a")
            for at in range(min(links.count(), 12)):
                with contextlib.suppress(Error):  # what can't be clicked does nothing
                    links.nth(at).click(timeout=400, force=True, no_wait_after=True)
            page.wait_for_timeout(500)
            found.append(
                {
                    "asked": asked,
                    "dialogs": dialogs,
                    "popups": popups,
                    "text": text,
                    "dir": direction,
                    "title": page.title(),
                    "url": page.url,
                    "frames": [one.url for one in page.frames],
                    "bar": page.locator("header").inner_text() if page.locator("header").count() else "",
                }
            )
            page.close()
        browser.close()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
