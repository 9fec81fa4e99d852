BEGIN TRANSACTION;
CREATE TABLE article (
    publication INTEGER NOT NULL REFERENCES publication(number),
    number INTEGER NOT NULL,             -- 1, 2, 3 ... within the publication
    id BLOB NOT NULL UNIQUE,             -- 16 bytes
    page TEXT,                           -- its URL in normal form, to find it by
    revision INTEGER NOT NULL,
    content_hash BLOB NOT NULL,          -- of the current revision, 16 bytes
    touched INTEGER NOT NULL,            -- when the publisher last touched it: ms since 1970, or the least
    PRIMARY KEY (publication, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "article" VALUES(1,1,X'2734481E2E5B73913DD9EF432044DD98','//pub.example/one',1,X'46A969748827223B7C8B28D5F34C8F12',1740981600000);
INSERT INTO "article" VALUES(1,2,X'53B5709D3697890C0072833C17F8C852','//www.pub.example/two',2,X'B6A3B63C25642D9612EB2C96B90C0052',1741068000000);
INSERT INTO "article" VALUES(1,3,X'1A953A33CA97A9C268C2BDDC91119F75','//www.pub.example/three',1,X'12CE2CC8DB8A8B3FE952449702DADE4B',1741068000000);
CREATE TABLE article_feed (
    publication INTEGER NOT NULL,
    number INTEGER NOT NULL,
    feed TEXT NOT NULL REFERENCES feed(id),
    content_hash BLOB NOT NULL,          -- 16 bytes
    PRIMARY KEY (publication, number, feed),
    FOREIGN KEY (publication, number) REFERENCES article(publication, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "article_feed" VALUES(1,1,'all',X'46A969748827223B7C8B28D5F34C8F12');
INSERT INTO "article_feed" VALUES(1,1,'file',X'46A969748827223B7C8B28D5F34C8F12');
INSERT INTO "article_feed" VALUES(1,2,'all',X'B6A3B63C25642D9612EB2C96B90C0052');
INSERT INTO "article_feed" VALUES(1,3,'file',X'12CE2CC8DB8A8B3FE952449702DADE4B');
CREATE TABLE article_revision (
    publication INTEGER NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    line INTEGER NOT NULL,               -- index into catalog_line
    content_hash BLOB NOT NULL,          -- 16 bytes
    ingested INTEGER NOT NULL,           -- ms since 1970
    PRIMARY KEY (publication, number, revision),
    FOREIGN KEY (publication, number) REFERENCES article(publication, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "article_revision" VALUES(1,1,1,0,X'46A969748827223B7C8B28D5F34C8F12',1795501522013);
INSERT INTO "article_revision" VALUES(1,2,1,1,X'5E691E1EB1DFAA657FD302860FD8A38B',1795501522013);
INSERT INTO "article_revision" VALUES(1,2,2,2,X'B6A3B63C25642D9612EB2C96B90C0052',1795501522063);
INSERT INTO "article_revision" VALUES(1,3,1,4,X'12CE2CC8DB8A8B3FE952449702DADE4B',1795501522102);
CREATE TABLE catalog_line (
    publication INTEGER NOT NULL REFERENCES publication(number),
    line_index INTEGER NOT NULL,         -- 0, 1, 2 ...
    line BLOB NOT NULL,
    hash BLOB NOT NULL,                  -- chained hash after it, 16 bytes
    PRIMARY KEY (publication, line_index)
) STRICT;
INSERT INTO "catalog_line" VALUES(1,0,X'7B2261727469636C65223A7B22616363657373223A2266726565222C226665656473223A5B22616C6C225D2C2267756964223A22687474703A2F2F7075622E6578616D706C652F3F703D31222C2268617368223A223436613936393734383832373232336237633862323864356633346338663132222C22686561646C696E65223A224F6E65222C2268746D6C223A225468652066697273742E222C226964223A223237333434383165326535623733393133646439656634333230343464643938222C226E756D626572223A312C227075626C6973686564223A313734303938313630303030302C227265766973696F6E223A312C227374616E646669727374223A225468652066697273742E222C2274657874223A225468652066697273742E222C2275726C223A22687474703A2F2F7075622E6578616D706C652F6F6E65227D7D',X'AE5F1F423A086F9289146D02F8531120');
INSERT INTO "catalog_line" VALUES(1,1,X'7B2261727469636C65223A7B22616363657373223A2266726565222C226665656473223A5B22616C6C225D2C2267756964223A226732222C2268617368223A223565363931653165623164666161363537666433303238363066643861333862222C22686561646C696E65223A2254776F222C2268746D6C223A22546865207365636F6E642E222C226964223A223533623537303964333639373839306330303732383333633137663863383532222C226E756D626572223A322C227075626C6973686564223A313734313036383030303030302C227265766973696F6E223A312C227374616E646669727374223A22546865207365636F6E642E222C2274657874223A22546865207365636F6E642E222C2275726C223A2268747470733A2F2F7777772E7075622E6578616D706C652F74776F3F75746D5F736F757263653D727373227D7D',X'149CD5CCB063AF72CC3C5C5D2827FD96');
INSERT INTO "catalog_line" VALUES(1,2,X'7B2261727469636C65223A7B22616363657373223A2266726565222C226665656473223A5B22616C6C225D2C2267756964223A226732222C2268617368223A226236613362363363323536343264393631326562326339366239306330303532222C22686561646C696E65223A2254776F2C20636F72726563746564222C2268746D6C223A22546865207365636F6E642E222C226964223A223533623537303964333639373839306330303732383333633137663863383532222C226E756D626572223A322C227075626C6973686564223A313734313036383030303030302C227265766973696F6E223A322C227374616E646669727374223A22546865207365636F6E642E222C2274657874223A22546865207365636F6E642E222C2275726C223A2268747470733A2F2F7777772E7075622E6578616D706C652F74776F3F75746D5F736F757263653D727373227D7D',X'613A55293EA9007BB622E3E22AC10CF9');
INSERT INTO "catalog_line" VALUES(1,3,X'7B226665656473223A7B226665656473223A5B22616C6C222C2266696C65225D2C226E756D626572223A317D7D',X'8F41CC8608D9C6A247A19938540F0862');
INSERT INTO "catalog_line" VALUES(1,4,X'7B2261727469636C65223A7B22616363657373223A2266726565222C226665656473223A5B2266696C65225D2C2267756964223A226733222C2268617368223A223132636532636338646238613862336665393532343439373032646164653462222C22686561646C696E65223A225468726565222C2268746D6C223A22546865207365636F6E642E222C226964223A223161393533613333636139376139633236386332626464633931313139663735222C226E756D626572223A332C227075626C6973686564223A313734313036383030303030302C227265766973696F6E223A312C227374616E646669727374223A22546865207365636F6E642E222C2274657874223A22546865207365636F6E642E222C2275726C223A2268747470733A2F2F7777772E7075622E6578616D706C652F74687265653F75746D5F736F757263653D727373227D7D',X'02AD857FA7C8454968D55663AF1C1F2A');
CREATE TABLE consent_record (
    id INTEGER PRIMARY KEY,
    reader INTEGER NOT NULL REFERENCES reader(id),
    purpose TEXT NOT NULL,
    given INTEGER NOT NULL,              -- 1 given, 0 withdrawn
    wording_version TEXT NOT NULL,
    wording_hash TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    terms_version TEXT NOT NULL,
    surface TEXT NOT NULL,
    replica INTEGER NOT NULL,            -- the device's replica
    number INTEGER NOT NULL,
    made INTEGER NOT NULL,               -- ms since 1970, by the device's clock
    received INTEGER NOT NULL,           -- ms since 1970, by the server's clock
    UNIQUE (reader, replica, number)
) STRICT;
CREATE TABLE delivery (
    reader INTEGER NOT NULL REFERENCES reader(id),
    newsletter TEXT NOT NULL,
    status TEXT NOT NULL,                -- pendingConfirmation, active, bounced
    PRIMARY KEY (reader, newsletter)
) STRICT, WITHOUT ROWID;
CREATE TABLE device (
    id INTEGER PRIMARY KEY,
    reader INTEGER NOT NULL REFERENCES reader(id),
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,     -- SHA-256 of a random 256-bit token
    created INTEGER NOT NULL,            -- ms since 1970
    last_used INTEGER,                   -- ms since 1970, to the hour
    revoked INTEGER                      -- ms since 1970; NULL: good
) STRICT;
CREATE TABLE feed (
    id TEXT PRIMARY KEY,
    publication INTEGER NOT NULL REFERENCES publication(number),
    title TEXT NOT NULL,
    url TEXT                             -- where it is read from; NULL: a file
) STRICT, WITHOUT ROWID;
INSERT INTO "feed" VALUES('all',1,'The Publication','https://www.pub.example/feeds/all.xml');
INSERT INTO "feed" VALUES('file',1,'File',NULL);
CREATE TABLE feed_source (
    url TEXT PRIMARY KEY,
    etag TEXT,
    last_modified TEXT,
    last_checked INTEGER NOT NULL        -- ms since 1970
) STRICT, WITHOUT ROWID;
INSERT INTO "feed_source" VALUES('https://www.pub.example/feeds/all.xml','"v2"','Tue, 04 Mar 2025 06:00:00 GMT',1795501522063);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1');
CREATE TABLE head (
    reader INTEGER PRIMARY KEY REFERENCES reader(id),
    sequence INTEGER NOT NULL,           -- newest entry; 0: none
    prefix BLOB NOT NULL,                -- chained hash up to it, 16 bytes
    floor INTEGER NOT NULL,              -- entries up to this one are compacted away
    floor_prefix BLOB NOT NULL           -- chained hash up to it, 16 bytes
) STRICT;
INSERT INTO "head" VALUES(1,0,X'00000000000000000000000000000000',0,X'00000000000000000000000000000000');
CREATE TABLE log (
    reader INTEGER NOT NULL REFERENCES reader(id),
    sequence INTEGER NOT NULL,           -- 1, 2, 3 ...
    received INTEGER NOT NULL,           -- ms since 1970
    prefix BLOB NOT NULL,                -- chained hash up to this entry, 16 bytes
    content_digest BLOB NOT NULL,        -- of the change as its author sent it, 16 bytes
    replica INTEGER NOT NULL,            -- author: 64 bits, as a signed number
number INTEGER NOT NULL,             -- place among the author's changes; 0: not numbered yet
stamp INTEGER NOT NULL,              -- hybrid logical clock: milliseconds since 1970 << 16 | counter
seen INTEGER NOT NULL,               -- the author had applied the log up to this sequence
seen_also TEXT,                      -- single sequences beyond, JSON array; usually NULL
entity BLOB NOT NULL,                -- kind byte and key, see EntityColumn
field TEXT NOT NULL,                 -- read, saved, tag:NAME ...
value INTEGER,                       -- see ValueColumns
text TEXT,
base TEXT,
extra TEXT                           -- members of the message without a name here, JSON object
    , PRIMARY KEY (reader, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE newsletter (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    cadences TEXT NOT NULL               -- names, separated by commas; the first is the default
) STRICT, WITHOUT ROWID;
CREATE TABLE publication (
    number INTEGER PRIMARY KEY,          -- names it on the wire
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    site_url TEXT,
    language TEXT,
    icon_url TEXT,
    generation TEXT NOT NULL,            -- random; another one means another history
    count INTEGER NOT NULL,              -- lines
    hash BLOB NOT NULL,                  -- chained hash over all lines, 16 bytes
    articles INTEGER NOT NULL            -- the largest number of an article
) STRICT;
INSERT INTO "publication" VALUES(1,'pub.example','The Publication','https://pub.example/',NULL,NULL,'2d60bf6628c24d29',5,X'02AD857FA7C8454968D55663AF1C1F2A',3);
CREATE TABLE reader (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL             -- ms since 1970
) STRICT;
INSERT INTO "reader" VALUES(1,'anna',1795501522128);
CREATE TABLE replica_mark (
    reader INTEGER NOT NULL REFERENCES reader(id),
    replica INTEGER NOT NULL,
    high_water INTEGER NOT NULL,
    PRIMARY KEY (reader, replica)
) STRICT, WITHOUT ROWID;
CREATE TABLE server (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,              -- random generation: 64 bits, as a signed number
    library_version TEXT NOT NULL        -- digest of the library's content
) STRICT;
INSERT INTO "server" VALUES(1,-5965427474272098240,'e39499ec49624d889c3f1d3aead32243');
CREATE TABLE spent_number (
    reader INTEGER NOT NULL REFERENCES reader(id),
    replica INTEGER NOT NULL,
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,                -- of what was sent, 16 bytes
    code TEXT,
    detail TEXT,
    PRIMARY KEY (reader, replica, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE version (
    reader INTEGER NOT NULL REFERENCES reader(id),
    sequence INTEGER NOT NULL,           -- its entry in the log
    received INTEGER NOT NULL,           -- ms since 1970
    note_base TEXT NOT NULL,             -- what both sides of a note's merge go back to
    replica INTEGER NOT NULL,            -- author: 64 bits, as a signed number
number INTEGER NOT NULL,             -- place among the author's changes; 0: not numbered yet
stamp INTEGER NOT NULL,              -- hybrid logical clock: milliseconds since 1970 << 16 | counter
seen INTEGER NOT NULL,               -- the author had applied the log up to this sequence
seen_also TEXT,                      -- single sequences beyond, JSON array; usually NULL
entity BLOB NOT NULL,                -- kind byte and key, see EntityColumn
field TEXT NOT NULL,                 -- read, saved, tag:NAME ...
value INTEGER,                       -- see ValueColumns
text TEXT,
base TEXT,
extra TEXT                           -- members of the message without a name here, JSON object
    , PRIMARY KEY (reader, entity, field, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE wording (
    id INTEGER PRIMARY KEY,
    purpose TEXT NOT NULL,
    version TEXT NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    terms_version TEXT NOT NULL,
    polarity TEXT NOT NULL,              -- optIn, optOut
    published INTEGER NOT NULL,          -- ms since 1970
    UNIQUE (purpose, version)
) STRICT;
INSERT INTO "wording" VALUES(1,'brandOffers','1','Yes, send me offers from our other brands.','76e41de910dd711299f3b4cb92443ce1','1','1','optIn',1795501521986);
INSERT INTO "wording" VALUES(2,'partnerOffers','1','Yes, send me offers on behalf of trusted partners.','3617759bdda140beb04c0bffbbf76285','1','1','optIn',1795501521986);
CREATE UNIQUE INDEX log_author ON log (reader, replica, number);
CREATE TRIGGER consent_record_stays BEFORE UPDATE ON consent_record
BEGIN SELECT RAISE(ABORT, 'the record of consents is never changed'); END;
CREATE TRIGGER consent_record_remains BEFORE DELETE ON consent_record
BEGIN SELECT RAISE(ABORT, 'the record of consents is never changed'); END;
CREATE INDEX article_page ON article (publication, page);
COMMIT;
