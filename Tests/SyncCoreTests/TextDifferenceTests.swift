import SyncCore
import SyncTestKit
import Testing

@Suite("Which words two texts differ in")
struct TextDifferenceTests {
    private func marked(_ old: String, _ new: String, limit: Int = EditScript.maximumEdits) -> String {
        TextDifference(from: old, to: new, limit: limit).pieces.map { piece in
            switch piece.kind {
            case .kept: piece.text
            case .removed: "[-\(piece.text)-]"
            case .added: "{+\(piece.text)+}"
            }
        }.joined()
    }

    @Test(
        "words are compared whole, and what took the place of something stands behind it",
        arguments: [
            ("the old harbour", "the new harbour", "the [-old-]{+new+} harbour"),
            ("one two three", "one three", "one [-two -]three"),
            ("", "all new", "{+all new+}"),
            ("gone", "", "[-gone-]"),
            ("same", "same", "same"),
            ("Kept.", "Kept!", "Kept[-.-]{+!+}"),
            ("don't", "do", "[-don't-]{+do+}"),
            ("3.5 per cent", "3.6 per cent", "[-3.5-]{+3.6+} per cent"),
            ("港の夜明け", "港の夕暮れ", "港の[-夜明け-]{+夕暮れ+}"),
        ])
    func words(_ old: String, _ new: String, _ expected: String) {
        #expect(marked(old, new) == expected)
    }

    @Test("blanks between two changes belong to the change, line ends do not")
    func blanks() {
        #expect(marked("a red cat sat", "a blue dog sat") == "a [-red cat-]{+blue dog+} sat")
        #expect(marked("red\ncat", "blue\ndog") == "[-red-]{+blue+}\n[-cat-]{+dog+}")
    }

    @Test("two spellings of one letter are a difference: notes are compared byte for byte")
    func spellings() {
        #expect(TextDifference(from: "caf\u{E9}", to: "cafe\u{301}").isAny)
        #expect(!TextDifference(from: "cafe\u{301}", to: "cafe\u{301}").isAny)
    }

    @Test("texts with little in common are compared by lines, and lines by words")
    func byLines() {
        let old = "one\nwhat was here before was long\nmid\nthe last cat"
        let new = "one\nnow something else stands\nmid\nthe last dog"
        #expect(
            marked(old, new, limit: 6)
                == "one\n[-what was here before was long-]{+now something else stands+}\nmid\nthe last [-cat-]{+dog+}")
    }

    @Test("the pieces are both texts, byte for byte", arguments: 0..<200)
    func holdsBoth(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let words = ["a", "of", "the", " ", "  ", "\n", "\r\n", "é", "e\u{301}", "港", ".", "don't", "-", "\t", "👩‍👩‍👧"]
        func text() -> String {
            (0..<Int.random(in: 0...30, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }.joined()
        }
        let (old, new) = (text(), text())
        for limit in [0, 2, 5, EditScript.maximumEdits] {
            let difference = TextDifference(from: old, to: new, limit: limit)
            let before = difference.pieces.filter { $0.kind != .added }.map(\.text).joined()
            let after = difference.pieces.filter { $0.kind != .removed }.map(\.text).joined()
            #expect(before.utf8.elementsEqual(old.utf8) && after.utf8.elementsEqual(new.utf8))
            #expect(difference.isAny == !old.utf8.elementsEqual(new.utf8))
            for (first, second) in zip(difference.pieces, difference.pieces.dropFirst()) {
                #expect(first.kind != second.kind)
            }
        }
    }
}
