//! Sound files: written for what the simulator speaks, read for what clients upload.

/// Samples a second of what is written here, one channel of 16 bits.
pub(crate) const RATE: u32 = 8_000;
/// The bytes before the samples.
pub(crate) const HEADER: usize = 44;

/// A file of these samples.
pub(crate) fn file(samples: &[i16]) -> Vec<u8> {
    let data = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX - 36);
    let mut file = Vec::with_capacity(HEADER + samples.len() * 2);
    file.extend(b"RIFF");
    file.extend((data + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    file.extend(1_u16.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * 2).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(data.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

/// How many seconds a file plays, whoever wrote it; nothing when it is no WAV file.
pub(crate) fn seconds(file: &[u8]) -> Option<f64> {
    let mut rest = file.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WAVE")?;
    let mut bytes_per_second = None;
    loop {
        let (name, after) = rest.split_at_checked(4)?;
        let (length, after) = after.split_at_checked(4)?;
        let length = u32::from_le_bytes(length.try_into().ok()?);
        if name == b"data" {
            // Files that were cut off, or written as a stream, announce more than there is.
            let there = u32::try_from(after.len()).unwrap_or(u32::MAX).min(length);
            return Some(f64::from(there) / f64::from(bytes_per_second?));
        }
        let length = usize::try_from(length).ok()?;
        if name == b"fmt " {
            let rate = after.get(8..12)?.try_into().ok()?;
            bytes_per_second = Some(u32::from_le_bytes(rate)).filter(|rate| *rate > 0);
        }
        // Chunks start at even places.
        rest = after.get(length + length % 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let file = file(&vec![0; 12_000]);
        assert_eq!(file.len(), HEADER + 24_000);
        assert_eq!(seconds(&file), Some(1.5));
    }

    #[test]
    fn other_writers_files_are_read() {
        // A list of tags of an odd length before the sound, in stereo at 16 kHz, and cut off.
        let mut other = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0".to_vec();
        other.extend(16_000_u32.to_le_bytes());
        other.extend(64_000_u32.to_le_bytes());
        other.extend(b"\x04\0\x10\0LIST\x03\0\0\0abc\0data\xff\xff\xff\xff");
        other.extend(vec![0; 32_000]);
        assert_eq!(seconds(&other), Some(0.5));
    }

    #[test]
    fn other_files_are_told_from_sound() {
        let good = file(&[1; 8]);
        for end in 0..HEADER {
            assert_eq!(seconds(&good[..end]), None, "{end} bytes");
        }
        let mut silent = good.clone();
        silent[28..32].fill(0);
        for bad in [&b"ID3\x04 an MP3"[..], b"RIFF\0\0\0\0AVI LIST", &silent] {
            assert_eq!(seconds(bad), None);
        }
    }
}
