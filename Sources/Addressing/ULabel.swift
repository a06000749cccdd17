/// Which characters a label outside ASCII may hold, once in lower case.
///
/// The mapping is Unicode's lower-casing and nothing else. What is left must be a letter, mark or digit that IDNA 2008
/// takes as it is (RFC 5892 §3, worked out from the properties that Swift's own tables hold), in Unicode's composed
/// form. What would need more than that is refused, for there is more than one opinion on it: `ß`, `ς` and the joiners,
/// which IDNA 2003 maps away; full-width and other compatibility forms; letters written as a base and an accent;
/// characters that need the right neighbour (`·`, `・`). Such a name can be written in its `xn--` form.
/// Characters younger than Unicode 14 are refused: the table of composing marks below is of that version.
enum ULabel {
    /// The first scalar, in lower case, that can't stand where it does; nil for a good label.
    static func firstFault(_ scalars: [Unicode.Scalar]) -> Unicode.Scalar? {
        guard let first = scalars.first, let last = scalars.last else { return nil }
        // Spec: RFC 5891 §4.2.3.1 and §4.2.3.2.
        if first == "-" || first.properties.generalCategory.isMark { return first }
        if last == "-" { return last }
        if scalars.count >= 4, scalars[2] == "-", scalars[3] == "-" { return "-" }
        var previous: Unicode.Scalar?
        for scalar in scalars {
            guard isAllowed(scalar), isComposed(scalar, after: previous) else { return scalar }
            previous = scalar
        }
        // Spec: RFC 5892 appendix A.8 and A.9: the two sets of Arabic digits don't mix.
        let hasArabicIndic = scalars.contains { (0x0660...0x0669).contains($0.value) }
        return hasArabicIndic ? scalars.first { (0x06f0...0x06f9).contains($0.value) } : nil
    }

    // MARK: - Private

    /// Spec: RFC 5892 §2 and §3.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-": return true
        // §2.6, allowed by exception.
        case "\u{6fd}", "\u{6fe}", "\u{f0b}", "\u{3007}": return true
        case "\u{0}"..."\u{7f}": return false
        // §2.6, refused by exception.
        case "\u{640}", "\u{7fa}", "\u{302e}", "\u{302f}", "\u{3031}"..."\u{3035}", "\u{303b}": return false
        // §2.9, old Hangul.
        case "\u{1100}"..."\u{11ff}", "\u{a960}"..."\u{a97c}", "\u{d7b0}"..."\u{d7fb}": return false
        // §2.4, blocks of symbols.
        case "\u{20d0}"..."\u{20ff}", "\u{1d100}"..."\u{1d24f}": return false
        default: break
        }
        let properties = scalar.properties
        guard let age = properties.age, age.major <= 14 else { return false }
        switch properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: break
        default: return false
        }
        // §2.2 (unstable) and §2.3 (ignorable).
        return !properties.changesWhenNFKCCaseFolded && !properties.isDefaultIgnorableCodePoint
    }

    /// Whether normalization form C leaves the pair as it is: no mark that composes, and marks in canonical order.
    private static func isComposed(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Bool {
        switch scalar {
        case "\u{300}"..."\u{345}", "\u{653}"..."\u{655}", "\u{c56}", "\u{1b35}", "\u{3099}", "\u{309a}", "\u{110ba}",
            "\u{11127}", "\u{1133e}", "\u{11357}", "\u{114b0}", "\u{114ba}", "\u{114bd}", "\u{115af}", "\u{11930}":
            return false
        case "\u{93c}", "\u{9be}", "\u{9d7}", "\u{b3e}", "\u{b56}", "\u{b57}", "\u{bbe}", "\u{bd7}", "\u{cc2}",
            "\u{cd5}", "\u{cd6}", "\u{d3e}", "\u{d57}", "\u{dca}", "\u{dcf}", "\u{ddf}", "\u{102e}":
            if let previous, composingBases.contains(previous) { return false }
        default: break
        }
        guard let previous else { return true }
        let order = scalar.properties.canonicalCombiningClass
        return order == .notReordered || previous.properties.canonicalCombiningClass <= order
    }

    /// What composes with one of the Indic marks that otherwise stand alone.
    private static let composingBases: Set<Unicode.Scalar> = [
        "\u{928}", "\u{930}", "\u{933}", "\u{9c7}", "\u{b47}", "\u{b92}", "\u{bc6}", "\u{bc7}", "\u{cbf}", "\u{cc6}",
        "\u{cca}", "\u{d46}", "\u{d47}", "\u{dd9}", "\u{ddc}", "\u{1025}",
    ]
}

extension Unicode.GeneralCategory {
    fileprivate var isMark: Bool {
        self == .nonspacingMark || self == .spacingMark || self == .enclosingMark
    }
}
