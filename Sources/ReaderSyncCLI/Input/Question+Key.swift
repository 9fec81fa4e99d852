import Glibc
import TerminalText

extension Question {
    /// A key that was pressed.
    enum Key: Sendable, Hashable {
        /// A key that stands for an ASCII character.
        case character(Character)
        /// Ctrl-C.
        case interrupt
        /// Ctrl-D, or no terminal any more.
        case end
        /// Any other: arrows, function keys.
        case other
    }

    /// Asks for one key, without Return. What was typed before the question was shown is thrown away: it answers nothing.
    static func key(_ question: StyledText, output: Output) throws -> Key {
        let key = try TerminalMode.without(ECHO | ICANON, TCSAFLUSH) { () -> Key in
            output.prompt(question)
            guard let byte = nextByte() else { return .end }
            switch byte {
            case 0x03: return .interrupt
            case 0x04: return .end
            case 0x1B:
                // The rest of what an arrow or a function key sends.
                while isInputWaiting(), nextByte() != nil {}
                return .other
            case 0x20..<0x7F, 0x0D, 0x0A: return .character(Character(Unicode.Scalar(byte)))
            default: return .other
            }
        }
        if case .character(let character) = key, character.isLetter || character == "?" {
            output.say(StyledText(String(character)))
        } else {
            output.say("")
        }
        return key
    }

    private static func nextByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 1 { return byte }
            guard count < 0, errno == EINTR else { return nil }
        }
    }

    private static func isInputWaiting() -> Bool {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) == 1
    }
}
