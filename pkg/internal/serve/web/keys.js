// Keys: / to the search, j and k through the results, n and p through the pages.
"use strict";
document.addEventListener("keydown", (e) => {
	if (e.ctrlKey || e.altKey || e.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
	const hits = [...document.querySelectorAll("a.hit")];
	const at = hits.indexOf(document.activeElement);
	const to = {
		"/": () => document.getElementById("q"),
		j: () => hits[Math.min(at + 1, hits.length - 1)],
		k: () => hits[Math.max(at - 1, 0)],
	}[e.key];
	const page = { n: "next", p: "previous" }[e.key];
	if (to && to()) {
		e.preventDefault();
		to().focus();
	} else if (page && document.getElementById(page)) {
		document.getElementById(page).click();
	}
});
