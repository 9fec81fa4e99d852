import SyncCore
import Testing

@testable import Editions

@Suite("A page of HTML")
struct HTMLEditionTests {
    @Test("has images and style in it, and a policy under which nothing is asked for")
    func selfContained() throws {
        let article = try EditionFixture.article(
            1, "<p><img src=\"https://a.example/d.png\"><img src=\"https://a.example/e.png\" alt=\"gone\"></p>")
        let page = try EditionFixture.page([article], images: ["https://a.example/d.png": EditionFixture.dot])
        #expect(page.contains("<img src=\"data:image/png;base64,iVBORw0KGgo"))
        #expect(page.contains("[gone]") && !page.contains("src=\"http"))
        #expect(page.contains("default-src 'none'; img-src data:; style-src 'sha256-"))
        #expect(!page.contains("<script") && !page.contains("<link"))
    }

    @Test("leads from its table of contents to each article, by section")
    func contents() throws {
        let page = try EditionFixture.page([
            EditionFixture.article(1, "a", section: "World"), EditionFixture.article(2, "b", section: "Books"),
        ])
        #expect(page.contains("<h2>World</h2><ol><li><a href=\"#a1\">"))
        #expect(page.contains("<h2>Books</h2><ol><li><a href=\"#a2\">") && page.contains("<article id=\"a2\">"))
    }

    @Test("says of an article in another language which one it is")
    func language() throws {
        var article = try EditionFixture.article(1, "a")
        article.language = "fr"
        #expect(try EditionFixture.page([article]).contains("<article id=\"a1\" lang=\"fr\" xml:lang=\"fr\">"))
    }

    @Test("Base64 is the one of the RFC's examples")
    func base64() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map { Base64.text(Array($0.utf8)) }
        #expect(texts == ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"])
    }

    @Test("instants are written in UTC, before 1970 and beyond what has a form too")
    func instants() {
        #expect(UTCText.instant(WallTime(milliseconds: 0)) == "1970-01-01T00:00:00Z")
        #expect(UTCText.instant(WallTime(milliseconds: -1)) == "1969-12-31T23:59:59Z")
        #expect(UTCText.instant(WallTime(milliseconds: 951_782_400_000)) == "2000-02-29T00:00:00Z")
        #expect(UTCText.instant(WallTime(milliseconds: .max)) == "9999-12-31T23:59:59Z")
        #expect(UTCText.instant(WallTime(milliseconds: .min)) == "0001-01-01T00:00:00Z")
    }
}
