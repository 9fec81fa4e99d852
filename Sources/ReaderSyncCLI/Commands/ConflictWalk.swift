import SQLiteReplica
import SyncCore
import TerminalText

/// Goes through the open conflicts with the person at the terminal. Each decision is recorded at once: to stop in between
/// loses nothing.
struct ConflictWalk {
    let replica: Replica
    let context: Context

    private enum Answer { case resolved, skipped, quit, interrupted }

    /// - Parameters:
    ///   - id: the one conflict that is asked about; `nil` for all that are open.
    ///   - written: what the person wrote of it in the editor already.
    func run(only id: String?, written: String? = nil) throws {
        let output = context.output
        let conflicts = try id.map { [try replica.conflict($0)] } ?? replica.conflicts(limit: 100_000)
        if conflicts.isEmpty { return output.remark("no conflicts are open") }
        var (resolved, skipped, isInterrupted) = (0, 0, false)
        walk: for (index, conflict) in conflicts.enumerated() {
            let answer = try ask(
                conflict.id, place: "\(index + 1) of \(conflicts.count)", written: written)
            switch answer {
            case .resolved: resolved += 1
            case .skipped: skipped += 1
            case .quit, .interrupted:
                skipped += conflicts.count - index
                isInterrupted = answer == .interrupted
                break walk
            }
        }
        output.line(StyledText("\(resolved) resolved, \(skipped) left open"))
        if resolved > 0 { output.remark(StyledText("  → ", .dim) + StyledText(context.command("sync"))) }
        if isInterrupted {
            throw CommandFailure(.interrupted, "interrupted", "stopped; what was resolved stays so")
        }
    }

    private func ask(_ id: String, place: String, written: String?) throws -> Answer {
        var written = written
        while true {
            let card = ConflictCard(try replica.conflict(id), try replica.deviceNames())
            guard card.conflict.closed == nil else {
                context.output.line(StyledText("\(id) is over", .dim))
                return .skipped
            }
            show(card, place: place)
            do {
                switch try choice(of: card) {
                case .mine: try settle(card, .mine)
                case .theirs: try settle(card, .theirs)
                case .both: try settle(card, .both)
                case .edit: try ResolveConflictCommand.edit(card.conflict, replica, context, written: &written)
                case .skip: return .skipped
                case .quit: return .quit
                case nil: return .interrupted
                case .help: continue
                }
            } catch let failure where CommandFailure(failure).status == .usage {
                // Something new was said, or the text cannot be taken: to be seen, and asked again.
                context.output.failure(context.addressed(CommandFailure(failure)))
                if written != nil { context.output.remark("what you wrote is there again with 'e'") }
                continue
            } catch let failure as CommandFailure where failure.code == Editor.cannotRun {
                context.output.failure(context.addressed(failure))
                continue
            } catch let failure as CommandFailure where failure.code == Editor.endedBadly {
                // What git's users mean by ':cq': not this one.
                context.output.line(StyledText("\(id) stays open: \(failure.message)", .dim))
                return .skipped
            }
            let shown = try replica.conflict(id).shown
            let text = shown.map { ValueRendering.text($0, of: card.conflict.key.field) } ?? "nothing"
            context.output.line(StyledText("resolved \(id): ", .good) + StyledText(text).truncated(to: 200))
            context.output.line()
            return .resolved
        }
    }

    private func settle(_ card: ConflictCard, _ resolution: Resolution) throws {
        _ = try replica.resolve(
            card.conflict.id, resolution, expecting: card.conflict.sides, at: context.now)
    }

    private func show(_ card: ConflictCard, place: String) {
        let output = context.output
        let terminal = output.terminal
        output.line(StyledText("\(place)  ", .dim) + StyledText(card.conflict.id, .accent))
        output.lines(
            card.lines(
                naming: EntityNaming(replica), width: terminal.width ?? 80, isColoured: terminal.outputColour))
    }

    /// Asks until the answer makes sense; `nil` for Ctrl-C.
    private func choice(of card: ConflictCard) throws -> ConflictCard.Choice? {
        let output = context.output
        let choices = card.choices
        let question = StyledText(choices.map(\.word).joined(separator: " ") + " ", .bold)
        while true {
            switch try Question.key(question, output: output) {
            case .interrupt: return nil
            case .end: return .quit
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
