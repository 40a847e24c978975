// Sense data (SPC-4 section 4.5), fixed and descriptor format, in words; and what to do about a finished command.
#pragma once

#include "san/scsi_task.h"

namespace san {

enum class SenseKey : std::uint8_t {
    NoSense = 0,
    RecoveredError = 1,
    NotReady = 2,
    MediumError = 3,
    HardwareError = 4,
    IllegalRequest = 5,
    UnitAttention = 6,
    DataProtect = 7,
    BlankCheck = 8,
    AbortedCommand = 0xb,
    Miscompare = 0xe,
};

struct Sense {
    SenseKey key = SenseKey::NoSense;
    std::uint8_t asc = 0, ascq = 0;  // additional sense code and its qualifier
    bool has_information = false;
    std::uint64_t information = 0;   // the LBA of a medium error
    constexpr std::uint16_t code() const { return static_cast<std::uint16_t>(asc << 8 | ascq); }
};

// What cannot be read is NoSense.
Sense parse_sense(util::Bytes data);
const char* sense_key_text(SenseKey key);
// Null for what is not in the table of the common ones.
const char* additional_sense_text(std::uint8_t asc, std::uint8_t ascq);

enum class ScsiAction : std::uint8_t {
    Done,
    Retry,       // at once, a few times
    RetryLater,  // the unit is busy or becoming ready: up to a minute
    StartUnit,   // it wants START UNIT first
    Fail,
};
struct ScsiVerdict {
    ScsiAction action = ScsiAction::Done;
    const util::Failure* failure = nullptr;  // what it is if nothing helps; null when Done
    Sense sense;
};
// Judges a task that is Done.
ScsiVerdict judge(const ScsiTask& task);

}  // namespace san
