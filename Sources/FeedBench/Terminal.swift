/// The one place that writes: a row of `Tools/bench` reads a number from standard output.
enum Terminal {
    static func write(_ line: String) { print(line) }
}
