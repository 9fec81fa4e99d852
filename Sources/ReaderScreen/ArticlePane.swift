public import SQLiteReplica
public import SyncCore
import TerminalScreen
import TerminalText

/// An article on the screen.
struct ArticlePane: Sendable {
    struct Link: Sendable, Hashable {
        var address: String
        /// The line that stands for it.
        var line: Int
    }

    /// Columns of running text: longer lines are hard to follow (Bringhurst, "The Elements of Typographic Style", §2.1.2).
    static let maximumWidth = 76
    /// Links that are taken for numbers.
    static let mostLinks = 99_999

    private(set) var open: OpenArticle
    private(set) var lines: [ArticleText.Line] = []
    /// Where the text leads: the addresses in it, then the related articles.
    private(set) var links: [Link] = []
    private(set) var frame = ReaderFrame(columns: 80, rows: 24)
    /// Where the lead image is among the lines, and the cells that it takes.
    private(set) var picture: (line: Int, columns: Int, rows: Int)?
    /// How far the text was read.
    var progress: ArticleProgress
    /// Why the text is not there, if it is not.
    private var absence = TextAbsence.asked
    var window = ScrollWindow()
    var chosenLink: Int?
    /// What is looked for in the text.
    var wanted = ""

    init(_ open: OpenArticle, frame: ReaderFrame, texts: ReaderTexts) {
        self.open = open
        progress = ArticleProgress(told: open.detail.summary.progress)
        layOut(frame: frame, texts: texts)
    }

    /// Takes the article as it is now.
    mutating func update(_ open: OpenArticle, texts: ReaderTexts) {
        let (changes, before) = (self.open.changes, self.open.detail)
        self.open = open
        // A sync may drop the text that somebody reads: it stays until it is left.
        if self.open.isTextAbsent, !before.isBodyAbsent, before.article.contentHash == open.detail.article.contentHash {
            self.open.detail.isBodyAbsent = false
            self.open.detail.article.bodyText = before.article.bodyText
        }
        // Once opened it counts as read as it is now; what was new then is still of interest.
        self.open.changes = open.changes ?? changes
        layOut(frame: frame, texts: texts)
    }

    /// Says why the text is not there.
    mutating func absence(is reason: TextAbsence, texts: ReaderTexts) {
        absence = reason
        layOut(frame: frame, texts: texts)
    }

    private var width: Int { frame.textWidth }

    /// Makes the lines for a screen, and stays near the place that was read.
    mutating func layOut(frame: ReaderFrame, texts: ReaderTexts) {
        let (before, share) = (lines.count, lines.isEmpty ? 0 : Double(window.top) / Double(lines.count))
        let top = progress.scale.characters(at: window.top)
        self.frame = frame
        picture = nil
        (lines, links) = ([], [])
        head(texts)
        body()
        foot()
        if lines.count != before {
            window.scroll(
                to: top.flatMap { progress.scale.line(reading: $0) } ?? Int(share * Double(lines.count)),
                count: lines.count, page: 1)
        }
        window.scroll(to: window.top, count: lines.count, page: frame.bodyRows)
        if let line = progress.resume() { window.scroll(to: line + 1 - page, count: lines.count, page: page) }
        progress.show(seen, isMove: false)
        if let chosen = chosenLink, !links.indices.contains(chosen) { chosenLink = nil }
    }

    // MARK: Moving

    private var page: Int { frame.bodyRows }

    /// The lines on the screen.
    var seen: Range<Int> { window.visible(count: lines.count, page: page) }

    /// Reads on from a line, or back from it.
    mutating func scroll(to line: Int) {
        window.scroll(to: line, count: lines.count, page: page)
        progress.show(seen, isMove: true)
    }

    /// Chooses a link, and brings it in sight.
    mutating func choose(_ link: Int) {
        chosenLink = link
        let line = links[link].line
        // Not by scrolling: who looks for a link at the end has not read as far.
        if !seen.contains(line) { window.scroll(to: line - page / 2, count: lines.count, page: page) }
    }

    /// The lines that hold what is looked for.
    func matches() -> [Int] {
        let needle = wanted.lowercased()
        guard !needle.isEmpty else { return [] }
        return lines.indices.filter { lines[$0].text.plain.lowercased().contains(needle) }
    }

    // MARK: Lines

    private mutating func add(_ text: String, _ style: StyledText.Style = .plain, link: Int? = nil) {
        guard !text.isEmpty else { return }
        for piece in StyledText(text, style).wrapped(to: width) { lines.append(ArticleText.Line(piece, link: link)) }
    }

    private mutating func gap() {
        if lines.last.map({ !$0.text.pieces.isEmpty }) ?? false { lines.append(ArticleText.Line("")) }
    }

    private mutating func head(_ texts: ReaderTexts) {
        let (summary, article) = (open.detail.summary, open.detail.article)
        add(summary.kicker ?? "", .accent)
        add(summary.title, .bold)
        gap()
        add(article.standfirstBesideText ?? "")
        gap()
        let minutes = ReadingTime.minutes(characters: article.bodyText.unicodeScalars.count, language: summary.language)
        let facts = [
            summary.byline.isEmpty ? nil : "By \(summary.byline)", summary.section,
            summary.published.map { article.isDayPrecise ? texts.day($0) : texts.date($0) },
            summary.updated.flatMap { $0 == summary.published ? nil : "corrected \(texts.date($0))" },
            minutes > 0 ? "\(minutes) min" : nil,
            summary.access == .free ? nil : summary.access == .subscriber ? "for subscribers" : summary.access.rawValue,
            article.isPromotion ? "promotion" : nil,
        ]
        add(facts.compactMap { $0 }.joined(separator: " · "), .dim)
        let state = [
            summary.isSaved ? "saved" : nil, summary.isRead ? nil : "unread",
            open.changes != nil ? "corrected since you read it: c shows the words" : nil,
            summary.tags.isEmpty ? nil : summary.tags.map { "#" + $0.text }.joined(separator: " "),
        ]
        add(state.compactMap { $0 }.joined(separator: " · "), .warning)
        gap()
        if let picture = open.picture {
            // With a caption beneath it, and some text.
            let rows = max(1, frame.bodyRows * 2 / 3)
            let cells = picture.header.cells(columns: width, rows: rows, aspect: texts.cellAspect)
            self.picture = (lines.count, cells.columns, cells.rows)
            for _ in 0..<cells.rows { lines.append(ArticleText.Line(StyledText(" "))) }
        }
        if let image = article.image {
            let caption = [image.caption ?? image.alt, image.credit.map { "(\($0))" }].compactMap { $0 }
            let text = caption.joined(separator: " ")
            if !caption.isEmpty { add(open.picture == nil ? "[Image: \(text)]" : text, .dim) }
            gap()
        }
    }

    private mutating func body() {
        if open.detail.isDropped {
            add("It left its feed long ago, and its text was not kept.", .warning)
        } else if open.detail.isRemoved {
            add("The publisher took this article back.", .warning)
        } else if open.detail.isBodyAbsent {
            switch absence {
            case .asked: add("Its text is not held here; the server is asked for it.", .warning)
            case .offline:
                add("Its text is not held here, and the server cannot be reached.", .warning)
                add("It will be fetched when there is a network.", .warning)
            case .failed(let reason): add("Its text is not held here: \(reason)", .warning)
            }
        } else if open.detail.article.bodyText.isEmpty {
            add("The feed has no text of it; 'o' opens the page in a browser.", .dim)
        }
        let text = ArticleText(open.detail.article.bodyText, width: width)
        progress.scale = ArticleProgress.Scale(first: lines.count, ends: text.ends)
        lines += text.lines
        gap()
        if let note = open.detail.note, !note.isEmpty {
            add("Your note", .bold)
            for line in SafeText.lines(note) { add("  " + line) }
            gap()
        }
        guard !text.addresses.isEmpty else { return }
        add("Links", .bold)
        for (index, address) in text.addresses.enumerated() { addLink(address, shown: "[\(index + 1)] \(address)") }
        gap()
    }

    private mutating func foot() {
        for author in open.detail.article.authors {
            if let bio = author.bio { add(bio, .dim) }
        }
        gap()
        if !open.related.isEmpty { add("Related", .bold) }
        for related in open.related {
            let number = "[\(links.count + 1)] "
            addLink(
                related.address, shown: number + (related.headline ?? related.address), isHere: related.headline != nil)
        }
        gap()
        for enclosure in open.detail.article.enclosures {
            let facts = [enclosure.type, enclosure.length.map { "\($0) bytes" }].compactMap { $0 }
            addLink(
                enclosure.url,
                shown: "[\(links.count + 1)] \(enclosure.url)"
                    + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"))
        }
        gap()
        add(open.detail.summary.url ?? "", .dim)
    }

    private mutating func addLink(_ address: String, shown: String, isHere: Bool = false) {
        links.append(Link(address: address, line: lines.count))
        add(shown, isHere ? .accent : .plain, link: links.count - 1)
    }
}

/// Instants in words, as the place where the reader sits has them.
public struct ReaderTexts: Sendable {
    /// How old an article is: `3 h`.
    public var age: @Sendable (ArticleSummary) -> String
    /// Date and time of day.
    public var date: @Sendable (WallTime) -> String
    /// The day of a date without a time of day.
    public var day: @Sendable (WallTime) -> String
    /// Whether the terminal takes more than ASCII.
    public var isUnicode: Bool
    /// How many times as high as wide a cell is.
    public var cellAspect = 2.0

    /// Makes texts.
    public init(
        age: @escaping @Sendable (ArticleSummary) -> String, date: @escaping @Sendable (WallTime) -> String,
        day: @escaping @Sendable (WallTime) -> String, isUnicode: Bool = true
    ) {
        (self.age, self.date, self.day, self.isUnicode) = (age, date, day, isUnicode)
    }
}
