import Glibc

/// Where programs are.
enum SearchPath {
    /// The path of a program in the folders of `PATH`; `nil` if it is in none.
    ///
    /// Only folders named from the root count: what lies where somebody happens to be is nothing to start unasked.
    static func find(_ program: String, environment: (String) -> String?) -> String? {
        (environment("PATH") ?? "").split(separator: ":").lazy
            .filter { $0.hasPrefix("/") }.map { "\($0)/\(program)" }
            .first { access($0, X_OK) == 0 }
    }
}
