/// The options that a command takes, to find the first word that is none of them.
struct OptionWords {
    /// Whether each takes a value, by what is typed for it.
    private let takesValue: [String: Bool]

    /// The options of the command that words lead to; of one that stands for its default, those of that.
    ///
    /// - Returns: `nil` if there is no such command.
    init?(of words: [String]) {
        guard var command = try? CommandDescription.all().find(words) else { return nil }
        while let name = command.defaultSubcommand, let next = command.shown.first(where: { $0.commandName == name }) {
            command = next
        }
        var takesValue = ["--help": false, "-h": false, "--version": false]
        for argument in command.arguments ?? [] {
            for name in argument.names ?? [] { takesValue[name.text] = argument.kind == "option" }
        }
        self.takesValue = takesValue
    }

    /// What to say of the first word that looks like an option and is none; `nil` if there is none.
    func firstUnknown(in words: ArraySlice<String>) -> String? {
        var rest = words
        while let word = rest.popFirst(), word != "--" {
            guard word.hasPrefix("-"), word != "-", Double(word) == nil else { continue }
            let isLong = word.hasPrefix("--")
            let name = isLong ? String(word.prefix { $0 != "=" }) : String(word.prefix(2))
            guard let takesValue = takesValue[name] else { return Self.unknown(name, among: takesValue.keys) }
            if takesValue, word == name { rest = rest.dropFirst() }
        }
        return nil
    }

    private static func unknown(_ name: String, among names: some Sequence<String>) -> String {
        let near = Spelling.nearest(to: name, among: names.filter { $0.hasPrefix("--") }).first
        return "unknown option '\(name)'" + (near.map { ". Did you mean '\($0)'?" } ?? "")
    }
}
