import SyncCore
import TerminalScreen
import Testing

@testable import ReaderScreen

@Suite("An article on the screen whose text is not kept here")
struct AbsentTextTests {
    private static func sitting() -> Sitting {
        var sitting = Sitting(articles: 4)
        sitting.absent = [1, 2]
        sitting.press("j", .enter)
        return sitting
    }

    @Test("what is known of it is shown, its text is asked for, and shown where it is once it came")
    func restored() {
        var sitting = Self.sitting()
        #expect(sitting.asked.last == .fetchText(Sitting.id(1)))
        for part in ["Headline 1", "What article 1 is about", "[Image: The quay", "the server is asked for it"] {
            #expect(sitting.text.contains(part))
        }
        sitting.absent = []
        sitting.happen(.textRestored(Sitting.id(1)))
        #expect(sitting.text.contains("Paragraph 1 says") && !sitting.text.contains("not held here"))
        #expect(sitting.asked.last == .fetchText(nil))
    }

    @Test("without a network it says so, and that it will be fetched; anything else in the words that came with it")
    func reasons() {
        var sitting = Self.sitting()
        sitting.happen(.textAbsent(Sitting.id(1), .offline))
        #expect(sitting.text.contains("will be fetched when there is a network"))
        sitting.happen(.textAbsent(Sitting.id(1), .failed("log in again")))
        #expect(sitting.text.contains("Its text is not held here: log in again"))
        #expect(sitting.asked.count { $0 == .fetchText(Sitting.id(1)) } == 1)
    }

    @Test(
        "leaving it, or going on to another, ends that; coming back asks anew; a late answer is not taken for another's"
    )
    func leaving() {
        var sitting = Self.sitting()
        sitting.press("q")
        #expect(sitting.asked.last == .fetchText(nil))
        sitting.press(.enter, "J")
        #expect(sitting.asked.suffix(2) == [.fetchText(Sitting.id(1)), .fetchText(Sitting.id(2))])
        sitting.happen(.textAbsent(Sitting.id(1), .failed("of the article before")))
        #expect(sitting.text.contains("the server is asked for it"))
        sitting.press("J")
        #expect(sitting.asked.last == .fetchText(nil))
        #expect(sitting.text.contains("Paragraph 1 says"))
    }

    @Test("a text that a sync drops stays on the screen until the article is left")
    func dropped() {
        var sitting = Sitting(articles: 2)
        sitting.press(.enter)
        sitting.absent = [0]
        sitting.happen(.changedElsewhere)
        #expect(sitting.text.contains("Paragraph 1 says"))
        sitting.press("q", .enter)
        #expect(sitting.text.contains("not held here"))
    }
}
