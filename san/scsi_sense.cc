#include "san/scsi_sense.h"

#include "san/iscsi_failures.h"

namespace san {

using util::Reader;

namespace {

void parse_fixed(Reader& reader, Sense& sense, bool valid) {
    reader.skip(1);
    sense.key = static_cast<SenseKey>(reader.u8() & 0x0f);
    sense.information = reader.be32();
    sense.has_information = valid && reader.ok();
    reader.skip(1 + 4);  // additional length, command-specific information
    sense.asc = reader.u8();
    sense.ascq = reader.u8();
}

void parse_descriptors(Reader& reader, Sense& sense) {
    constexpr std::uint8_t kInformation = 0x00, kValid = 0x80;
    sense.key = static_cast<SenseKey>(reader.u8() & 0x0f);
    sense.asc = reader.u8();
    sense.ascq = reader.u8();
    reader.skip(4);
    while (reader.remaining() >= 2) {
        std::uint8_t type = reader.u8();
        Reader body(reader.bytes(reader.u8()));
        if (type != kInformation) continue;
        bool valid = body.u8() & kValid;
        body.skip(1);
        sense.information = body.be64();
        sense.has_information = valid && body.ok();
    }
}

struct AdditionalSense {
    std::uint16_t code;
    const char* text;
};
// SPC-4 annex F: those that targets over iSCSI are seen to give. (Unit attentions are rarely told to anybody.)
constexpr AdditionalSense kAdditional[] = {
    {0x0400, "not ready, no reason given"},
    {0x0401, "becoming ready"},
    {0x0402, "needs to be started"},
    {0x0403, "needs manual help"},
    {0x0404, "being formatted"},
    {0x040a, "changing its access state"},
    {0x040b, "this path is in standby"},
    {0x040c, "this path is unavailable"},
    {0x0c00, "write error"},
    {0x1100, "unrecovered read error"},
    {0x2000, "invalid operation code"},
    {0x2100, "LBA out of range"},
    {0x2400, "invalid field in the command"},
    {0x2500, "LUN not supported"},
    {0x2700, "write-protected"},
    {0x2707, "space allocation failed"},
    {0x2900, "power on or reset"},
    {0x3a00, "no medium"},
    {0x4400, "internal target failure"},
};

ScsiVerdict fail(const util::Failure& failure, const Sense& sense) { return {ScsiAction::Fail, &failure, sense}; }

ScsiVerdict judge_not_ready(const Sense& sense) {
    switch (sense.code()) {
        case 0x0402: return {ScsiAction::StartUnit, &kNotReady, sense};
        case 0x0400:
        case 0x0401:
        case 0x0404:
        case 0x0405:
        case 0x0406:
        case 0x0407:
        case 0x0408:
        case 0x0409:
        case 0x040a:
        case 0x0414:
        case 0x041a:
        case 0x041b:
        case 0x041d: return {ScsiAction::RetryLater, &kNotReady, sense};
        default: return fail(kNotReady, sense);
    }
}

ScsiVerdict judge_sense(const Sense& sense) {
    switch (sense.key) {
        case SenseKey::RecoveredError: return {ScsiAction::Done, nullptr, sense};
        case SenseKey::NoSense: return {ScsiAction::Retry, &kScsiFailed, sense};
        case SenseKey::UnitAttention: return {ScsiAction::Retry, &kScsiFailed, sense};
        case SenseKey::AbortedCommand: return {ScsiAction::Retry, &kCommandAborted, sense};
        case SenseKey::NotReady: return judge_not_ready(sense);
        case SenseKey::MediumError: return fail(kMediumError, sense);
        case SenseKey::HardwareError: return fail(kHardwareError, sense);
        case SenseKey::IllegalRequest:
            if (sense.asc == 0x25) return fail(kNoSuchLun, sense);
            return fail(sense.asc == 0x21 ? kOutsideDisk : kIllegalRequest, sense);
        case SenseKey::DataProtect: return fail(sense.code() == 0x2707 ? kSpaceExhausted : kWriteProtected, sense);
        default: return fail(kScsiFailed, sense);
    }
}

}  // namespace

Sense parse_sense(util::Bytes data) {
    constexpr std::uint8_t kValid = 0x80;
    Sense sense;
    Reader reader(data);
    std::uint8_t first = reader.u8();
    switch (first & 0x7f) {  // response code; odd: deferred errors
        case 0x70:
        case 0x71: parse_fixed(reader, sense, first & kValid); break;
        case 0x72:
        case 0x73: parse_descriptors(reader, sense); break;
        default: break;
    }
    return sense;
}

const char* sense_key_text(SenseKey key) {
    switch (key) {
        case SenseKey::NoSense: return "no sense";
        case SenseKey::RecoveredError: return "recovered error";
        case SenseKey::NotReady: return "not ready";
        case SenseKey::MediumError: return "medium error";
        case SenseKey::HardwareError: return "hardware error";
        case SenseKey::IllegalRequest: return "illegal request";
        case SenseKey::UnitAttention: return "unit attention";
        case SenseKey::DataProtect: return "data protect";
        case SenseKey::BlankCheck: return "blank check";
        case SenseKey::AbortedCommand: return "aborted command";
        case SenseKey::Miscompare: return "miscompare";
    }
    return "unknown sense key";
}

const char* additional_sense_text(std::uint8_t asc, std::uint8_t ascq) {
    for (const AdditionalSense& row : kAdditional)
        if (row.code == (asc << 8 | ascq)) return row.text;
    return nullptr;
}

ScsiVerdict judge(const ScsiTask& task) {
    if (task.response != 0) return {ScsiAction::Retry, &kTargetFailure, {}};
    switch (task.status) {
        case ScsiStatus::Good: return {};
        case ScsiStatus::CheckCondition: return judge_sense(parse_sense(task.sense_data()));
        case ScsiStatus::Busy:
        case ScsiStatus::TaskSetFull: return {ScsiAction::RetryLater, &kScsiBusy, {}};
        case ScsiStatus::ReservationConflict: return fail(kReservationConflict, {});
        case ScsiStatus::TaskAborted: return {ScsiAction::Retry, &kCommandAborted, {}};
        default: return fail(kScsiFailed, {});
    }
}

}  // namespace san
