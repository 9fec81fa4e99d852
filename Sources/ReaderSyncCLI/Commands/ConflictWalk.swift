import SQLiteReplica
import SyncCore
import TerminalText

/// Goes through the open conflicts with the person at the terminal. Each decision is recorded at once: to stop in between
/// loses nothing.
struct ConflictWalk {
    let replica: Replica
    let context: Context

    private enum Answer { case resolved, skipped, quit }

    /// - Parameter id: the one conflict that is asked about; `nil` for all that are open.
    func run(only id: String?) throws {
        let output = context.output
        let conflicts = try id.map { [try replica.conflict($0)] } ?? replica.conflicts(limit: 100_000)
        if conflicts.isEmpty { return output.remark("no conflicts are open") }
        var counts = (resolved: 0, skipped: 0)
        walk: for (index, conflict) in conflicts.enumerated() {
            switch try ask(conflict.id, place: "\(index + 1) of \(conflicts.count)") {
            case .resolved: counts.resolved += 1
            case .skipped: counts.skipped += 1
            case .quit:
                counts.skipped += conflicts.count - index
                break walk
            }
        }
        output.line(StyledText("\(counts.resolved) resolved, \(counts.skipped) left open"))
        if counts.resolved > 0 { output.remark(StyledText("  → ", .dim) + StyledText(context.command("sync"))) }
    }

    private func ask(_ id: String, place: String) throws -> Answer {
        let output = context.output
        while true {
            let card = ConflictCard(try replica.conflict(id))
            guard card.conflict.closed == nil else {
                output.line(StyledText("\(id) is over", .dim))
                return .skipped
            }
            show(card, place: place)
            guard let choice = try choice(of: card) else { return .quit }
            let resolution: Resolution
            switch choice {
            case .mine: resolution = .mine
            case .theirs: resolution = .theirs
            case .both: resolution = .both
            case .edit:
                do { resolution = try ResolveConflictCommand.edited(card.conflict) } catch let failure as CommandFailure
                {
                    output.failure(failure)
                    continue
                }
            case .skip: return .skipped
            case .quit: return .quit
            case .help: continue
            }
            // What a sync beside this brought in meanwhile is to be seen first.
            guard try replica.conflict(id).sides == card.conflict.sides else {
                output.warn("another device said something new meanwhile")
                continue
            }
            do throws(ReplicaError) {
                _ = try replica.resolve(id, resolution, at: context.now)
            } catch {
                output.failure(CommandFailure(error))
                continue
            }
            let shown = try replica.conflict(id).shown
            let text = shown.map { ValueRendering.text($0, of: card.conflict.key.field) } ?? "nothing"
            output.line(StyledText("resolved \(id): ", .good) + StyledText(text).truncated(to: 200))
            output.line()
            return .resolved
        }
    }

    private func show(_ card: ConflictCard, place: String) {
        let output = context.output
        let terminal = output.terminal
        output.line(StyledText("\(place)  ", .dim) + StyledText(card.conflict.id, .accent))
        output.lines(
            card.lines(
                naming: EntityNaming(replica), width: terminal.width ?? 80, isColoured: terminal.outputColour))
    }

    /// Asks until the answer makes sense; `nil` at the end of input.
    private func choice(of card: ConflictCard) throws -> ConflictCard.Choice? {
        let output = context.output
        let choices = card.choices
        let question = StyledText(choices.map(\.word).joined(separator: " ") + " ", .bold)
        while true {
            switch try Question.key(question, output: output) {
            case .end: return nil
            case .other: continue
            case .character(let key):
                let choice = ConflictCard.Choice(rawValue: Character(key.lowercased()))
                if let choice, choice != .help, choices.contains(choice) { return choice }
                explain(choices, of: card)
            }
        }
    }

    private func explain(_ choices: [ConflictCard.Choice], of card: ConflictCard) {
        let output = context.output
        for choice in choices {
            output.line(StyledText("  \(choice.rawValue)  ", .accent) + StyledText(choice.meaning))
        }
        if card.conflict.sides.contains(where: \.change.isOptOut) {
            output.line(StyledText("  an opt-out holds; to opt in again, do so anew afterwards", .dim))
        }
    }
}
