import SyncCore
import TerminalText

/// What `doctor` found of one thing.
struct Diagnosis: Sendable, Hashable {
    /// How it stands.
    enum Grade: String, Sendable, Hashable {
        /// As it should be.
        case ok
        /// Works, and something should be done.
        case warn
        /// Does not work.
        case fail
    }

    /// A word for scripts, stable.
    var name: String
    /// How it stands.
    var grade: Grade
    /// What was found, in a sentence.
    var detail: String
    /// What mends it: the command, where there is one.
    var remedy: String?
    /// How the command ends because of it, if it fails.
    var status = ExitStatus.failure

    static func ok(_ name: String, _ detail: String) -> Diagnosis { Diagnosis(name: name, grade: .ok, detail: detail) }

    static func warn(_ name: String, _ detail: String, _ remedy: String? = nil) -> Diagnosis {
        Diagnosis(name: name, grade: .warn, detail: detail, remedy: remedy)
    }

    static func fail(
        _ name: String, _ detail: String, _ remedy: String? = nil, status: ExitStatus = .failure
    ) -> Diagnosis {
        Diagnosis(name: name, grade: .fail, detail: detail, remedy: remedy, status: status)
    }

    /// A failure as a finding.
    init(_ name: String, _ error: any Error) {
        let failure = CommandFailure(error)
        self.init(name: name, grade: .fail, detail: failure.message, remedy: failure.remedy, status: failure.status)
    }

    init(name: String, grade: Grade, detail: String, remedy: String? = nil, status: ExitStatus = .failure) {
        self.name = name
        self.grade = grade
        self.detail = detail
        self.remedy = remedy
        self.status = status
    }

    var lines: [StyledText] {
        let style: StyledText.Style =
            switch grade {
            case .ok: .good
            case .warn: .warning
            case .fail: .bad
            }
        let head = StyledText(grade.rawValue, style).padded(to: 6) + StyledText(name, .dim).padded(to: 13)
        let first = head + StyledText(detail)
        return remedy.map { [first, StyledText("        → ", .dim) + StyledText($0)] } ?? [first]
    }

    var json: JSONValue {
        .object([
            "name": .string(name), "grade": .string(grade.rawValue), "detail": .string(detail),
            "remedy": .optional(remedy),
        ])
    }
}
