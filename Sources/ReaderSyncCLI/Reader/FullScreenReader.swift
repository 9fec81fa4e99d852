import AssetEngine
import Dispatch
import Glibc
import ReaderScreen
import SQLiteReplica
import SyncCore
import SyncPorts
import SystemPorts
import TerminalScreen

/// `reader-sync read`: the loop between the terminal, the screen's model and the replica.
struct FullScreenReader {
    /// Milliseconds after which somebody else's changes are looked for, and shown: a sync makes many.
    private static let watch: Int32 = 1_000

    /// Marks that are taken back while the screen waits.
    private static let mostAtOnce = 100

    private let context: Context
    private let terminal: ScreenTerminal
    private let desk: ReaderDesk
    /// Lists and counts; searches, which may have to complete the index first.
    private let background: (reading: BackgroundReading, searching: BackgroundReading)
    private let texts: TextFetching
    private var model: ReaderModel
    private var differ: FrameDiffer
    private var decoder = KeyDecoder()
    private var version: Int
    private var refreshed = ContinuousClock.now
    private var pictures: ReaderPictures
    private var isOver = false
    /// Whether a signal ends it.
    private var isStopped = false
    /// What went wrong last, and was not followed by any other event: said once the screen is given back.
    private var failure: CommandFailure?

    /// Runs until the person leaves, on a thread of its own: it waits for keys there, and what is fetched meanwhile needs the
    /// threads that tasks have.
    static func run(_ filter: ArticleFilter, _ options: FilterOptions, _ context: Context) async throws {
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global(qos: .userInteractive).async {
                ended.resume(with: Result { try runAtOnce(filter, options, context) })
            }
        }
    }

    private static func runAtOnce(_ filter: ArticleFilter, _ options: FilterOptions, _ context: Context) throws {
        let (replica, obstacle) = try open(context)
        try options.checkFeed(in: replica)
        var reader = try FullScreenReader(replica, filter, context, canWrite: obstacle == nil)
        if let obstacle { reader.update(.said("nothing can be marked: \(obstacle.message)")) }
        defer { reader.terminal.leave() }
        try reader.run()
        reader.terminal.leave()
        if reader.isStopped { _exit(ExitStatus.interrupted.rawValue) }
        if let failure = reader.failure { throw failure }
    }

    /// The replica, for reading alone where nothing can be written, and then why not.
    private static func open(_ context: Context) throws -> (Replica, CommandFailure?) {
        do { return (try context.open(.writing), nil) } catch let failure as CommandFailure {
            guard failure.isForWantOfWriting else { throw failure }
            return (try context.open(.reading), failure)
        }
    }

    private init(_ replica: Replica, _ filter: ArticleFilter, _ context: Context, canWrite: Bool) throws {
        do throws(ScreenTerminal.Failure) {
            terminal = try ScreenTerminal(environment: Context.environment)
        } catch {
            throw CommandFailure.usage(
                "there is no full screen: \(error.message)",
                remedy: "use '\(context.command("list"))' and '\(context.command("show"))'")
        }
        self.context = context
        differ = FrameDiffer(
            ColourDepth(environment: Context.environment, isWanted: context.output.terminal.outputColour))
        let now: @Sendable () -> WallTime = { SystemWallClock().now() }
        desk = ReaderDesk(replica: replica, canWrite: canWrite, now: now)
        let waker = terminal.waker
        pictures = ReaderPictures(
            folder: AssetFolder(besideReplica: context.path), waker: waker, environment: Context.environment)
        let access: Replica.Access = canWrite ? .writing : .reading
        background = (
            BackgroundReading(path: context.path, for: access, waker: waker, now: now),
            BackgroundReading(path: context.path, for: access, waker: waker, now: now)
        )
        texts = TextFetching(context, waker: waker)
        version = try replica.dataVersion()
        let size = terminal.size
        let effects: [ReaderEffect]
        (model, effects) = ReaderModel.start(
            Self.source(filter), columns: size.columns, rows: size.rows, texts: Self.texts(now, terminal))
        perform(effects)
    }

    private static func source(_ filter: ArticleFilter) -> ReadingSource {
        guard filter != ArticleFilter() else {
            return ReadingSource(title: "Unread", filter: ArticleFilter(unread: true))
        }
        let words = [
            filter.feed?.text, filter.section, filter.folder?.text, filter.tag?.text,
            filter.unread == true ? "unread" : nil, filter.saved == true ? "saved" : nil,
            filter.correctedSinceRead ? "corrected" : nil, filter.promotions ? "promotions" : nil,
            filter.since.map { "since " + TimeText.localDate($0) },
        ]
        return ReadingSource(title: words.compactMap { $0 }.joined(separator: ", "), filter: filter)
    }

    private static func texts(
        _ now: @escaping @Sendable () -> WallTime, _ terminal: ScreenTerminal
    ) -> ReaderTexts {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { Context.environment($0) }.first { !$0.isEmpty }
        let name = (locale ?? "").lowercased()
        var texts = ReaderTexts(
            age: { ArticleRendering.age($0, now: now()) }, date: { TimeText.local($0) }, day: { TimeText.utcDate($0) },
            isUnicode: name.contains("utf-8") || name.contains("utf8"))
        texts.cellAspect = terminal.cellAspect
        return texts
    }

    // MARK: The loop

    private mutating func run() throws {
        defer {
            background.reading.stop()
            background.searching.stop()
            texts.want(nil)
            pictures.stop()
        }
        ask(pictures.question())
        while !isOver {
            let picture = draw()
            if pictures.timeToAnswer() == nil { decoder.expectsAnswer = false }
            let isDue = pictures.isDue(picture, on: terminal)
            let events = terminal.events(&decoder, within: isDue ? ReaderPictures.rest : Self.watch)
            if isDue, let picture, events == [.quiet] { terminal.show(pictures.drawing(picture, on: terminal)) }
            for event in events where !isOver { take(event) }
            watch()
        }
        // A signal gives the terminal back at once.
        if !isStopped { settle() }
    }

    /// Draws the text.
    ///
    /// - Returns: the picture that belongs on it.
    private mutating func draw() -> Grid.Picture? {
        let grid = ReaderView.draw(model)
        let clearing = pictures.clearing(for: grid.picture)
        // Where one was, cells are written again: some terminals keep a picture until they are.
        if clearing != nil { differ.forget() }
        terminal.show((clearing ?? "") + differ.frame(grid))
        return grid.picture
    }

    /// The screen shows something else.
    private mutating func forget() {
        differ.forget()
        pictures.forget()
    }

    // MARK: What the terminal says of itself

    private mutating func ask(_ question: String) {
        guard !question.isEmpty else { return }
        decoder.expectsAnswer = true
        terminal.show(question)
    }

    private mutating func take(_ answer: TerminalAnswer) {
        switch pictures.take(answer) {
        case .shown: update(.picturesChanged)
        case .resized: forget()
        case .lacksProgram:
            // Only who keeps pictures misses them.
            guard let kept = try? desk.replica.keptPictures, kept != .none else { return }
            update(
                .said("install \(SixelConverter.name) (Debian: \(SixelConverter.package)) to see pictures here"))
        case nil: break
        }
    }

    /// Who leaves at once leaves before the terminal answered: the answer is not for the shell or an editor. Keys that are
    /// pressed meanwhile are lost.
    private mutating func settle() {
        while let rest = pictures.timeToAnswer() {
            for event in terminal.events(&decoder, within: rest) {
                switch event {
                case .answered(let answer): take(answer)
                case .closed:
                    isOver = true
                    return
                default: break
                }
            }
        }
    }

    private mutating func take(_ event: ScreenTerminal.Event) {
        switch event {
        case .key(let key): update(.key(key))
        case .answered(let answer): take(answer)
        case .resized:
            let size = terminal.size
            forget()
            if pictures.asksForCell { terminal.show(TerminalAnswer.cellQuestion) }
            update(.resized(columns: size.columns, rows: size.rows))
        case .resumed:
            terminal.enter()
            forget()
        case .woken:
            for event in background.reading.take() + background.searching.take() + texts.take() {
                // A change of our own, on another connection: what was marked stays in sight as it does after any mark.
                switch event {
                case .recorded, .textRestored: version = (try? desk.replica.dataVersion()) ?? version
                default: break
                }
                update(event)
            }
            if pictures.takeFailure() { update(.picturesChanged) }
        case .quiet: break
        case .closed: end()
        case .ended:
            end()
            isStopped = true
        }
    }

    /// Ends without a key.
    private mutating func end() {
        update(.ending)
        isOver = true
    }

    /// Looks whether another process changed the replica.
    private mutating func watch() {
        let passed = ContinuousClock.now - refreshed
        guard passed >= .milliseconds(Int64(Self.watch)), let now = try? desk.replica.dataVersion(), now != version
        else { return }
        (version, refreshed) = (now, .now)
        update(.changedElsewhere)
    }

    private mutating func update(_ event: ReaderEvent) {
        failure = nil
        perform(model.update(event))
    }

    private mutating func perform(_ effects: [ReaderEffect]) {
        for effect in effects {
            do {
                if let event = try perform(effect) { update(event) }
            } catch {
                let failure = CommandFailure(error)
                update(.failed(failure.line))
                self.failure = failure
            }
        }
    }

    private mutating func perform(_ effect: ReaderEffect) throws -> ReaderEvent? {
        switch effect {
        case .list(let filter, let limit?, let ticket): return try desk.list(filter, limit: limit, ticket: ticket)
        case .list, .count, .markRead: background.reading.ask(effect)
        case .search: background.searching.ask(effect)
        case .load(let handles): return .loaded(try desk.replica.listed(handles))
        case .seekUnread(let handles): return try desk.seekUnread(handles)
        case .open(let reference, let opening):
            if let event = try desk.open(reference, opening, showing: pictures) { return event }
            guard case .address(let address) = reference else { return .failed("this article is no longer here") }
            return try browse(address)
        case .fetchText(let id): texts.want(desk.canWrite ? id : nil)
        case .browse(let address): return try browse(address)
        case .record(let edits, let done, let articles):
            return try desk.record(edits, done: done, articles: articles)
        case .recordProgress(let id, let known, let points):
            try desk.recordProgress(of: id, from: known, to: points)
        case .undo(let step) where step.articles.count > Self.mostAtOnce: background.reading.ask(effect)
        case .undo(let step): return try ReaderDesk.undo(step, in: desk.replica, at: desk.now())
        case .editNote(let id): return try editNote(id)
        case .suspend:
            settle()
            terminal.suspend()
            forget()
        case .redraw: forget()
        case .quit: isOver = true
        }
        return nil
    }

    // MARK: Other programs

    /// Runs something that needs the terminal.
    private mutating func besides<Result>(_ body: () throws -> Result) throws -> Result {
        settle()
        defer { forget() }
        return try terminal.lend(to: body)
    }

    private mutating func browse(_ address: String) throws -> ReaderEvent {
        guard Browser.takes(address) else { return .failed("no browser is given such an address: \(address)") }
        guard let browser = Browser(environment: Context.environment) else {
            return .failed("set $BROWSER, or install xdg-open, to open \(address)")
        }
        guard browser.needsTerminal else {
            try ShellCommand.run(browser.script, argument: address, .detached)
            return .said("opened \(address)")
        }
        let status = try besides { try ShellCommand.run(browser.script, argument: address) }
        return status == 0 ? .said("opened \(address)") : .failed("the browser ended with an error; set $BROWSER")
    }

    private mutating func editNote(_ id: ArticleID) throws -> ReaderEvent {
        let old = try desk.replica.article(id.description).note ?? ""
        let note = try besides { try NoteCommand.edited(old) }
        try NoteCommand.check(note)
        guard let edit = Edit.note(id, note) else { return .said("nothing to change") }
        return try desk.record([edit], done: note.isEmpty ? "removed the note" : "wrote the note", articles: [id])
    }
}
