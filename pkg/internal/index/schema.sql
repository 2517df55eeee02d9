-- A document that was read: one JSON output, and the card that is made from it.
CREATE TABLE documents (
	id         INTEGER PRIMARY KEY,
	path       TEXT NOT NULL UNIQUE, -- of the JSON output, from the folder of this file, with slashes
	digest     BLOB NOT NULL,        -- SHA-256 of the JSON output
	folder     TEXT NOT NULL,        -- of path
	source     TEXT NOT NULL,        -- the document itself, as its reader named it
	sha256     TEXT NOT NULL,        -- of the document itself
	size       INTEGER NOT NULL,     -- of the document itself, in bytes
	reader     TEXT NOT NULL,        -- what read it: "vie", "text layer"
	parent     TEXT NOT NULL,        -- fields of a letter, empty where it has none
	issuer     TEXT NOT NULL,
	number     TEXT NOT NULL,        -- number and symbol: 1453/BTTTT-HTQT, ?/BTTTT-HTQT where it is handwritten
	number_read TEXT NOT NULL,       -- what "?" was read as, doubtful
	place      TEXT NOT NULL,
	issued     TEXT NOT NULL,        -- 2021-05-07, or as much of it as is known: 2021-05
	type       TEXT NOT NULL,
	subject    TEXT NOT NULL,
	addressees TEXT NOT NULL,        -- parted by semicolons
	recipients TEXT NOT NULL,        -- the same
	attachments TEXT NOT NULL,       -- headings of appendices, the same
	authority  TEXT NOT NULL,
	capacity   TEXT NOT NULL,
	title      TEXT NOT NULL,        -- before the name of the signer
	signer     TEXT NOT NULL,
	urgency    TEXT NOT NULL,
	secrecy    TEXT NOT NULL,
	copy       TEXT NOT NULL,        -- mark of a copy: SAO Y
	language   TEXT NOT NULL,        -- by ISO 639: vi
	pages      INTEGER NOT NULL,
	confidence REAL                  -- mean over words, 0 to 1; NULL where nothing was read
);
-- A page. Ids are in the order of the dates of issue: days since 1900 in the upper
-- bits (0 where there is no date), a running number in the lower 20. So a span of
-- dates is a span of ids, and the newest pages are found first.
CREATE TABLE pages (
	id       INTEGER PRIMARY KEY,
	document INTEGER NOT NULL,
	number   INTEGER NOT NULL, -- from 1
	text     BLOB NOT NULL     -- UTF-8, deflated (RFC 1951)
);
CREATE INDEX pages_document ON pages(document, number);
-- What stands on a page and on the card of its document, in small letters without
-- marks; its rowid is the id of the page.
CREATE VIRTUAL TABLE words USING fts5(
	text, number, issuer, signer, subject, type,
	content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
);
-- The card under the names of Circular 02/2019/TT-BNV, table of documents.
CREATE VIEW archive AS SELECT
	folder || '.' || printf('%07d', row_number() OVER w) AS DocCode,
	folder AS FileCode,
	row_number() OVER w AS DocOrdinal,
	type AS TypeName,
	CASE WHEN instr(number, '/') THEN substr(number, 1, instr(number, '/') - 1) ELSE number END AS CodeNumber,
	CASE WHEN instr(number, '/') THEN substr(number, instr(number, '/') + 1) ELSE '' END AS CodeNotation,
	issued AS IssuedDate,
	issuer AS OrganName,
	subject AS Subject,
	CASE language WHEN 'vi' THEN 'Tiếng Việt' WHEN 'en' THEN 'Tiếng Anh' WHEN 'fr' THEN 'Tiếng Pháp' WHEN 'de' THEN 'Tiếng Đức'
		WHEN 'ru' THEN 'Tiếng Nga' WHEN 'zh' THEN 'Tiếng Trung Quốc' WHEN 'und' THEN '' ELSE language END AS Language,
	pages AS PageAmount,
	'' AS Description,
	'' AS InforSign,
	'' AS Keyword,
	'' AS Mode,
	CASE reader WHEN '' THEN '' WHEN 'text layer' THEN '' ELSE 'Số hóa' END AS ConfidenceLevel, -- digitised, not born so
	'' AS Autograph,
	'' AS Format,
	id
FROM documents WINDOW w AS (PARTITION BY folder ORDER BY path);
