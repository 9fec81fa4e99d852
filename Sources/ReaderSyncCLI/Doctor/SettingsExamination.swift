/// What the configuration file says.
enum SettingsExamination {
    /// Bad lines stop other commands; unknown keys may be those of a newer version, and do not.
    static func finding(_ context: Context) -> Diagnosis {
        let (settings, path) = (context.settings, context.settings.path)
        guard FileText.exists(path) else { return .ok("config", "there is no file \(path), and none is needed") }
        if let problem = settings.problems.first(where: { !$0.isUnknownKey }) {
            return .fail("config", problem.failure.message, problem.failure.remedy, status: problem.failure.status)
        }
        guard let problem = settings.problems.first else { return .ok("config", path) }
        return .warn("config", problem.warning, problem.failure.remedy)
    }
}
