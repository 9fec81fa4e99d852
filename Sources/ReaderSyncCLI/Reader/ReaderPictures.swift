import AssetEngine
import ReaderScreen
import SQLiteReplica
import TerminalScreen

/// The pictures of articles: how the terminal takes them, which it can show, and which it shows.
struct ReaderPictures {
    /// What an answer of the terminal means.
    enum News {
        /// Pictures can be shown.
        case shown
        /// They could, but what makes sixels is not installed.
        case lacksProgram
        /// Cells have another size.
        case resized
    }

    /// Milliseconds for which keys rest before a picture is drawn: while somebody scrolls, it would be sent with every line.
    static let rest: Int32 = 50

    /// Milliseconds within which terminals answer, even over a slow line.
    private static let answerTime = 500

    private let folder: AssetFolder
    private var way: PictureProtocol?
    private let conversion: PictureConversion?
    /// The size of a cell, as the terminal answered.
    private var answeredCell: PixelSize?
    /// What stands on the screen.
    private var shown: Grid.Picture?
    /// When the terminal was asked for sixels; `nil` once it answered, or need not be asked.
    private var asked: ContinuousClock.Instant?

    init(folder: AssetFolder, waker: Waker, environment: (String) -> String?) {
        self.folder = folder
        way = PictureProtocol(environment: environment)
        conversion =
            way == nil
            ? SixelConverter(environment: environment).map { PictureConversion($0, waker: waker) } : nil
    }

    func stop() { conversion?.stop() }

    // MARK: What the terminal says

    /// What the terminal is asked at the beginning; empty if its environment tells.
    mutating func question() -> String {
        guard way == nil else { return "" }
        asked = .now
        return TerminalAnswer.question
    }

    /// Takes an answer.
    mutating func take(_ answer: TerminalAnswer) -> News? {
        switch answer {
        case .cell(let size):
            defer { answeredCell = size }
            return answeredCell == size ? nil : .resized
        case .attributes(let hasSixel):
            defer { asked = nil }
            guard asked != nil, hasSixel else { return nil }
            guard conversion != nil else { return .lacksProgram }
            way = .sixel
            return .shown
        }
    }

    /// Milliseconds for which an answer may be under way; `nil` if none is.
    func timeToAnswer() -> Int32? {
        guard let asked else { return nil }
        let rest = .milliseconds(Self.answerTime) - (ContinuousClock.now - asked)
        return rest > .zero ? Int32(rest / .milliseconds(1)) + 1 : nil
    }

    /// Whether cells are measured by asking.
    var asksForCell: Bool { way == .sixel && answeredCell != nil }

    // MARK: Files

    /// A picture whose file is held, if it can be shown.
    func picture(_ asset: Replica.HeldAsset) -> OpenArticle.Picture? {
        guard let way, asset.bytes <= PictureProtocol.maximumBytes else { return nil }
        let path = folder.path(of: asset.hash)
        guard conversion?.hasFailed(path) != true,
            let file = try? FileText.bytes(path, limit: PictureProtocol.maximumBytes),
            let header = PictureHeader(file), way.takes(header.kind)
        else { return nil }
        return OpenArticle.Picture(path: path, header: header)
    }

    /// Whether since the last time a picture turned out to be none.
    func takeFailure() -> Bool { conversion?.takeFailure() ?? false }

    // MARK: The screen

    /// The screen shows something else.
    mutating func forget() { shown = nil }

    /// What takes away the picture that stands where none does any more; `nil` if nothing has to go.
    mutating func clearing(for next: Grid.Picture?) -> String? {
        guard let way, shown != nil, shown != next else { return nil }
        shown = nil
        return way.clear
    }

    /// Whether a picture is to be drawn once keys rest.
    func isDue(_ picture: Grid.Picture?, on terminal: ScreenTerminal) -> Bool {
        guard let way, let picture, picture != shown else { return false }
        return way != .sixel || conversion?.isUnderWay(request(picture, terminal)) == false
    }

    /// What draws a picture; empty while it is being made.
    mutating func drawing(_ picture: Grid.Picture, on terminal: ScreenTerminal) -> String {
        guard let way else { return "" }
        if way == .sixel {
            guard let sixels = conversion?.picture(request(picture, terminal)) else { return "" }
            shown = picture
            return sixels.show(at: picture.place)
        }
        shown = picture
        guard let file = try? FileText.bytes(picture.path, limit: PictureProtocol.maximumBytes) else { return "" }
        // After a resize an older one may stand elsewhere.
        return way.clear + way.show(file, at: picture.place, columns: picture.columns, rows: picture.rows)
    }

    private func request(_ picture: Grid.Picture, _ terminal: ScreenTerminal) -> SixelConverter.Request {
        SixelConverter.Request(
            path: picture.path, columns: picture.columns, rows: picture.rows,
            cell: terminal.cellSize ?? answeredCell ?? .smallCell)
    }
}
