//! Numbers in bytes of seven bits, as places are kept in memory.

/// A number of 35 bits at the most in bytes of seven bits, the lowest first, all but the last with their highest bit set;
/// and how many they are. In a register: bytes that are written one by one are not there yet when they are read together.
#[inline]
pub(super) fn in_bytes(number: u64) -> (u64, usize) {
    let bits = u64::BITS - (number | 1).leading_zeros();
    let length = bits.div_ceil(7);
    let byte = |place: u32| (number >> (7 * place) & 0x7f) << (8 * place);
    let bytes = byte(0) | byte(1) | byte(2) | byte(3) | byte(4);
    let more = 0x80_8080_8080 & ((1 << (8 * (length - 1))) - 1);
    (bytes | more, length as usize)
}

#[inline]
pub(super) fn take(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u64> {
    let mut number = 0;
    let mut shift = 0;
    loop {
        let byte = *bytes.next()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift = (shift + 7).min(63);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_bytes_are_taken_back() {
        let powers = (0..35).map(|power| 1_u64 << power);
        for number in powers.flat_map(|power| [power - 1, power, power + 1]) {
            let (bytes, length) = in_bytes(number);
            let bytes = bytes.to_le_bytes();
            let mut rest = bytes[..length].iter();
            assert_eq!(take(&mut rest), Some(number));
            assert_eq!(rest.len(), 0);
            assert!(bytes[length..].iter().all(|byte| *byte == 0));
        }
    }
}
