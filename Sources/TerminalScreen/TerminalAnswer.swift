/// What a terminal says of itself when it is asked. It may never answer, and answers come among the keys.
public enum TerminalAnswer: Sendable, Hashable {
    /// The primary device attributes (DA1; DEC STD 070 §4.17): whether sixels are among what it does. tmux answers for what
    /// it passes on.
    case attributes(hasSixel: Bool)
    /// The pixels of a cell (xterm's window operation 16).
    case cell(PixelSize)

    /// Asks for ``cell(_:)``, then for ``attributes(hasSixel:)``: nearly every terminal answers the second, so that nothing
    /// is under way any more once it did.
    public static let question = cellQuestion + "\u{1B}[c"
    /// Asks for ``cell(_:)`` alone.
    public static let cellQuestion = "\u{1B}[16t"

    /// Reads a CSI sequence, `CSI ? level ; attribute ; ... c` or `CSI 6 ; height ; width t`; `nil` if it is no answer.
    init?(_ parameters: [UInt8], final: UInt8) {
        let isPrivate = parameters.first == UInt8(ascii: "?")
        let numbers = parameters.dropFirst(isPrivate ? 1 : 0)
            .split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { KeySequence.number($0) }
        switch (final, isPrivate) {
        case (UInt8(ascii: "c"), true): self = .attributes(hasSixel: numbers.dropFirst().contains(4))
        case (UInt8(ascii: "t"), false) where numbers.count == 3 && numbers[0] == 6:
            guard let size = PixelSize(cellOfWidth: numbers[2], height: numbers[1]) else { return nil }
            self = .cell(size)
        default: return nil
        }
    }
}
