import SQLiteReplica
import SyncCore
import TerminalText

/// One open difference, as a person sees it who is to decide: what each device said and when, what is shown now, and why.
struct ConflictCard {
    /// The difference.
    let conflict: Conflict
    /// What the devices are called.
    let devices: DeviceNames
    /// The newest version of this device that still counts; `nil` if it said nothing.
    let mine: ConflictSide?
    /// The newest version of another device that still counts.
    let theirs: ConflictSide?

    init(_ conflict: Conflict, _ devices: DeviceNames) {
        self.conflict = conflict
        self.devices = devices
        mine = conflict.sides.last { $0.isMine }
        theirs = conflict.sides.last { !$0.isMine }
    }

    /// - Parameter isColoured: whether the terminal has colours, so that differing words need no marks.
    func lines(naming: EntityNaming, width: Int, isColoured: Bool) -> [StyledText] {
        var result = StyledText(naming.text(conflict.key), .bold).wrapped(to: width)
        if case .note(let old, _)? = mine?.change.value, case .note(let new, _)? = theirs?.change.value {
            result += notes(old, new, width: width, isColoured: isColoured)
            for side in conflict.sides where side != mine && side != theirs { result += said(side, width: width) }
        } else {
            result += conflict.sides.flatMap { said($0, width: width) }
        }
        return result + shownNow(width: width)
    }

    private func notes(_ old: String, _ new: String, width: Int, isColoured: Bool) -> [StyledText] {
        let difference = TextDifference(from: old, to: new)
        let (left, right) = (mine.map(heading) ?? "", theirs.map(heading) ?? "")
        guard width >= DifferenceRendering.leastWidthForColumns else {
            return [StyledText(left + " [-…-]", .dim), StyledText(right + " {+…+}", .dim)]
                .flatMap { $0.wrapped(to: width) } + DifferenceRendering.unified(difference, width: width)
        }
        return DifferenceRendering.titles(left, right, width: width)
            + DifferenceRendering.beside(difference, width: width, isMarked: !isColoured)
    }

    private func heading(_ side: ConflictSide) -> String {
        let pending = side.sequence == nil ? ", not sent yet" : ""
        return
            "\(ConflictRendering.who(side, devices)), \(TimeText.localWithZone(side.change.stamp.wallTime))\(pending)"
    }

    private func said(_ side: ConflictSide, width: Int) -> [StyledText] {
        StyledText(heading(side) + ":", .dim).wrapped(to: width)
            + SafeText.lines(ValueRendering.text(side.change.value, of: conflict.key.field))
            .flatMap { StyledText("  " + $0).wrapped(to: width) }
    }

    private func shownNow(width: Int) -> [StyledText] {
        let shown: String
        let same = { (side: ConflictSide?) in
            side.map { conflict.shown?.agrees(with: $0.change.value) == true } ?? false
        }
        if same(mine) {
            shown = "what this device said"
        } else if same(theirs) {
            shown = "what \(theirs.map { ConflictRendering.who($0, devices) } ?? "the other device") said"
        } else {
            shown = conflict.shown.map { ValueRendering.text($0, of: conflict.key.field) } ?? "nothing"
        }
        let lines = SafeText.lines("shown now: \(shown)") + ["because \(ConflictRendering.why(conflict))"]
        return lines.flatMap { StyledText($0, .dim).wrapped(to: width) }
    }

    /// The answers that make sense, with what they do.
    var choices: [Choice] {
        var result: [Choice] = []
        if let mine, isAllowed(mine) { result.append(.mine) }
        if let theirs, isAllowed(theirs) { result.append(.theirs) }
        if conflict.key.field == .note {
            if mine != nil, theirs != nil { result.append(.both) }
            result.append(.edit)
        }
        return result + [.skip, .quit, .help]
    }

    /// An opt-in does not end a difference with an opt-out.
    private func isAllowed(_ side: ConflictSide) -> Bool {
        !conflict.sides.contains(where: \.change.isOptOut) || side.change.isOptOut
    }

    /// What the person may answer.
    enum Choice: Character, CaseIterable {
        case mine = "m"
        case theirs = "t"
        case both = "b"
        case edit = "e"
        case skip = "s"
        case quit = "q"
        case help = "?"

        var meaning: String {
            switch self {
            case .mine: "take what this device said"
            case .theirs: "take what the other device said"
            case .both: "take both texts, this device's first"
            case .edit: "write the text in your editor"
            case .skip: "leave it open, and go on"
            case .quit: "leave this and all others open"
            case .help: "say what the keys do"
            }
        }

        var word: String {
            switch self {
            case .mine: "[m]ine"
            case .theirs: "[t]heirs"
            case .both: "[b]oth"
            case .edit: "[e]dit"
            case .skip: "[s]kip"
            case .quit: "[q]uit"
            case .help: "[?]"
            }
        }
    }
}
