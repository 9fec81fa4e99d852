import SyncCore
import TerminalScreen
import Testing

@testable import ReaderScreen
@testable import SQLiteReplica

@Suite("Marks made on the screen")
struct MarkTests {
    @Test("s saves and lets go, r marks read and unread, u marks unread; z takes each back")
    func marks() {
        var sitting = Sitting(articles: 3)
        sitting.press("s")
        #expect(sitting.articles[0].summary.isSaved)
        #expect(sitting.text.contains("*s"))
        #expect(sitting.bottom.hasPrefix("saved"))
        sitting.press("s")
        #expect(!sitting.articles[0].summary.isSaved)
        sitting.press("r")
        #expect(sitting.articles[0].summary.isRead)
        sitting.press("z")
        #expect(!sitting.articles[0].summary.isRead)
        #expect(sitting.bottom.hasPrefix("taken back: marked read"))
        sitting.press("z")
        #expect(sitting.articles[0].summary.isSaved)
        sitting.press("z", "z")
        #expect(sitting.bottom.contains("no mark of this sitting"))
    }

    @Test("a mark of the article that is read is shown on it")
    func inArticle() {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, "s")
        #expect(sitting.text.contains("saved"))
        sitting.press("u")
        #expect(sitting.text.contains("unread"))
        #expect(!sitting.articles[0].summary.isRead)
    }

    @Test("a mark made on the screen is an explicit one")
    func origin() {
        var sitting = Sitting(articles: 1)
        sitting.press("r")
        guard case .record(let edits, _, _) = sitting.asked.last else { return #expect(Bool(false)) }
        #expect(edits.first?.value == .read(true, by: .explicit))
    }

    @Test("tags are edited as a list; what is left out is taken off")
    func tags() throws {
        var sitting = Sitting(articles: 1)
        sitting.press("t")
        sitting.type("europe, sea ports")
        sitting.press(.enter)
        #expect(sitting.articles[0].summary.tags.map(\.text) == ["europe", "sea ports"])
        #expect(sitting.text.contains("#sea ports"))
        sitting.press("t", .control("u"))
        sitting.type("sea ports,x")
        sitting.press(.enter)
        #expect(sitting.articles[0].summary.tags.map(\.text) == ["sea ports", "x"])
        sitting.press("z")
        #expect(Set(sitting.articles[0].summary.tags.map(\.text)) == ["europe", "sea ports"])
        sitting.press("t", .escape)
        #expect(sitting.model.prompt == nil)
    }

    @Test("all are marked read only after a yes, and exactly those that the list names")
    func markAll() {
        var sitting = Sitting(articles: 3)
        sitting.press("A")
        #expect(sitting.bottom.hasPrefix("Mark the 3 articles of this list read? y/n"))
        sitting.press("n")
        #expect(!sitting.asked.contains { if case .markRead = $0 { true } else { false } })
        sitting.press("A", "y")
        #expect(sitting.asked.last == .markRead((0..<3).map { sitting.handle($0) }))
    }

    @Test("a list that is not whole yet is not marked as a whole")
    func markAllTooSoon() {
        var sitting = Sitting(articles: 3)
        sitting.model.list.isAll = false
        sitting.press("A")
        #expect(sitting.model.question == nil)
        #expect(sitting.bottom.contains("still being read"))
    }

    @Test("a failure is said, and nothing is taken back for it")
    func failure() {
        var sitting = Sitting(articles: 1)
        sitting.happen(.failed("the disk is full"))
        #expect(sitting.bottom.hasPrefix("the disk is full"))
        sitting.press("z")
        #expect(sitting.bottom.contains("no mark of this sitting"))
    }
}

@Suite("Keys and help")
struct HelpTests {
    @Test("no key has two meanings in one place")
    func unique() {
        for focus in ReaderFocus.allCases {
            let keys = KeyBinding.all.filter { $0.focuses.contains(focus) }.flatMap(\.keys)
            #expect(Set(keys).count == keys.count, "\(focus)")
        }
    }

    @Test("every command has a key, and help shows every key")
    func complete() {
        #expect(Set(KeyBinding.all.map(\.command)) == Set(ReaderCommand.allCases))
        let help = KeyBinding.table.joined(separator: "\n")
        for binding in KeyBinding.all {
            #expect(help.contains(binding.names))
            #expect(help.contains(binding.help))
        }
    }

    @Test("? shows help, j scrolls it, any other key closes it")
    func overlay() {
        var sitting = Sitting(articles: 3, rows: 16)
        sitting.press("?")
        #expect(sitting.text.contains("Everywhere"))
        sitting.press("j", "j")
        #expect(!sitting.text.contains("Everywhere"))
        sitting.press("x")
        #expect(sitting.text.contains("Headline 0"))
    }

    @Test("q leaves an article, and quits elsewhere; Ctrl-C quits from anywhere")
    func quitting() {
        var sitting = Sitting(articles: 3)
        sitting.press(.enter, "q")
        #expect(!sitting.asked.contains(.quit))
        sitting.press("q")
        #expect(sitting.asked.last == .quit)
        var other = Sitting(articles: 3)
        other.press(.enter, .control("c"))
        #expect(other.asked.last == .quit)
    }

    @Test("a key that does nothing says so")
    func unknown() {
        var sitting = Sitting(articles: 3)
        sitting.press("X")
        #expect(sitting.bottom.contains("X does nothing here; ? shows the keys"))
    }
}
