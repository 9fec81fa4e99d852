import SyncTestKit
import Testing

@testable import SyncCore

@Suite("Identities")
struct IdentityTests {
    @Test(
        "the digest is the first half of SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb924"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039"
            ),
        ])
    func sha256(text: String, digest: String) {
        #expect(Digest128(hashing: text.utf8).description == digest)
    }

    @Test(
        "SHA-256 of so many letters a: where the length just fits into the last block, where it does not, and of a million",
        arguments: [
            (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
            (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
            (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
            (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
            (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
            (119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
            (120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
            (1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ])
    func sha256Lengths(count: Int, digest: String) {
        let hash = SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: count))
        let hex = hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == digest)
    }

    @Test("a digest survives its text and its bytes")
    func digestText() {
        let digest = Digest128(hashing: [1, 2, 3])
        #expect(Digest128(digest.description) == digest)
        #expect(Digest128(bytes: digest.bytes) == digest)
    }

    @Test("a text that is no digest is none", arguments: ["", "0", "+123456789abcdef0123456789abcdef", "zz"])
    func notADigest(text: String) {
        #expect(Digest128(text) == nil)
    }

    @Test("the short way to a guid's normal form leads where the long one does")
    func plainGUID() {
        var random = SeededRandom(seed: 11)
        let pieces = [
            "http://", "https://", "//", "HTTP://", "/", "?", "#", ":80", ":", "a.example", "A.example", "x", "h",
            "tag:",
            " ", "\n", "é", "utm_source=x", "&", "=", "\u{7F}",
        ]
        for _ in 0..<20_000 {
            let guid = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            #expect(ArticleGUID.normalised(guid) == ArticleGUID.general(guid), "\(guid.debugDescription)")
        }
    }

    @Test(
        "spellings of one guid are one article",
        arguments: [
            ("http://a.example/x?id=1", "https://A.example/x?id=1&utm_source=feed"),
            ("https://a.example:443/x", "http://a.example:80/x#top"),
            ("https://a.example", "https://a.example/"),
            ("  tag:a.example,2025:1\n", "tag:a.example,2025:1"),
        ])
    func sameGUID(first: String, second: String) {
        #expect(ArticleID(publication: "p", guid: first) == ArticleID(publication: "p", guid: second))
    }

    @Test(
        "different guids are different articles",
        arguments: [
            ("https://a.example/x?id=1", "https://a.example/x?id=2"),
            ("https://a.example/x", "https://a.example/X"),
            ("https://a.example/x", "https://b.example/x"),
            ("abcDEF", "abcdef"),
        ])
    func otherGUID(first: String, second: String) {
        #expect(ArticleID(publication: "p", guid: first) != ArticleID(publication: "p", guid: second))
    }

    @Test("two publications may use one guid")
    func otherPublication() {
        #expect(ArticleID(publication: "p", guid: "1") != ArticleID(publication: "q", guid: "1"))
        #expect(ArticleID(publication: "p1", guid: "2") != ArticleID(publication: "p", guid: "12"))
    }

    @Test("normalising a guid twice changes nothing more")
    func idempotent() {
        for guid in ["HTTP://A.example:80/x?utm_a=1&b=2#c", "//x", "x", "https://", "http://?q#f"] {
            let once = ArticleGUID.normalised(guid)
            #expect(ArticleGUID.normalised(once) == once)
        }
    }

    @Test("tags are the same when their bytes are, not when they look alike")
    func tagBytes() throws {
        let composed = try #require(TagName("caf\u{E9}"))
        let decomposed = try #require(TagName("cafe\u{301}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test("a tag is short, visible text", arguments: ["", "  ", "a\nb", "a\u{1B}[2Jb", "\u{202E}x"])
    func badTags(text: String) {
        #expect(TagName(text) == nil)
    }

    @Test("each field's name leads back to it")
    func fieldNames() throws {
        let fields: [Field] = [
            .read, .saved, .progress, .tag(try #require(TagName("a:b"))), .note, .subscribed, .frequency, .consent,
            .ageConfirmed, .other(try #require(EntityName("shelf"))),
        ]
        for field in fields { #expect(Field(text: field.text) == field) }
    }

    @Test("no entity has another's fields")
    func registerKeys() throws {
        let letter = Entity.newsletter(try #require(EntityName("weekly")))
        #expect(RegisterKey(.article(articleOne), .subscribed) == nil)
        #expect(RegisterKey(letter, .read) == nil)
        #expect(RegisterKey(.reader, .consent) == nil)
        #expect(RegisterKey(letter, .subscribed) != nil)
    }
}
