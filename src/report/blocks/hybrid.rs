//! Codes in Parquet's hybrid of runs and packed bits (RLE, encoding 3 of the format): the groundwork of its dictionaries.

/// Bits that codes below `n_entries` need, at least 1.
pub(super) fn width(n_entries: usize) -> u32 {
    (usize::BITS - n_entries.saturating_sub(1).leading_zeros()).max(1)
}

/// A run of one code.
pub(super) fn put_run(out: &mut Vec<u8>, code: u32, n: usize, width: u32) {
    put_varint(out, (n as u64) << 1);
    out.extend_from_slice(&code.to_le_bytes()[..width.div_ceil(8) as usize]);
}

/// Codes of `width` bits each, the lowest bit first, filled up to a multiple of eight codes.
pub(super) fn put_packed(out: &mut Vec<u8>, codes: &[u32], width: u32) {
    let n_groups = codes.len().div_ceil(8);
    put_varint(out, (n_groups as u64) << 1 | 1);
    let end = out.len() + n_groups * width as usize;
    out.reserve(n_groups * width as usize + 8);
    let (mut bits, mut n_bits) = (0_u64, 0);
    for &code in codes {
        bits |= u64::from(code) << n_bits;
        n_bits += width;
        if n_bits >= 32 {
            out.extend_from_slice(&(bits as u32).to_le_bytes());
            bits >>= 32;
            n_bits -= 32;
        }
    }
    out.extend_from_slice(&bits.to_le_bytes());
    out.resize(end, 0);
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the format's description: 0 to 7 in three bits each are 10001000 11000110 11111010, read as bytes.
    #[test]
    fn codes_are_packed_as_the_format_says() {
        let mut out = Vec::new();
        put_packed(&mut out, &[0, 1, 2, 3, 4, 5, 6, 7], 3);
        assert_eq!(out, [3, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
    }

    /// 300 rows of code 5 in nine bits: 600 as a varint is 0xd8 0x04, the code takes two bytes.
    #[test]
    fn a_run_has_its_length_and_code() {
        let mut out = Vec::new();
        put_run(&mut out, 5, 300, 9);
        assert_eq!(out, [0xd8, 0x04, 5, 0]);
    }

    #[test]
    fn widths_hold_the_last_code() {
        assert_eq!([1, 2, 3, 4, 5, 256, 257].map(width), [1, 1, 2, 2, 3, 8, 9]);
    }
}
