#include "san/scsi_commands.h"

#include <algorithm>
#include <cstring>

#include "san/crc32c.h"

namespace san {

using util::Reader;
using util::Writer;

namespace {

// Operation codes (SPC-4, SBC-3).
constexpr std::uint8_t kTestUnitReady = 0x00, kInquiry = 0x12, kModeSense6 = 0x1a, kStartStopUnit = 0x1b,
                       kReadCapacity10 = 0x25, kRead10 = 0x28, kWrite10 = 0x2a, kSynchronizeCache10 = 0x35,
                       kRead16 = 0x88, kWrite16 = 0x8a, kServiceActionIn16 = 0x9e, kReportLuns = 0xa0;
constexpr std::uint8_t kReadCapacity16Action = 0x10;
constexpr std::uint8_t kAllModePages = 0x3f;

ScsiCdb one_byte(std::uint8_t operation) { return ScsiCdb{operation}; }
std::uint8_t high(std::uint16_t value) { return static_cast<std::uint8_t>(value >> 8); }
std::uint8_t low(std::uint16_t value) { return static_cast<std::uint8_t>(value); }

}  // namespace

ScsiCdb cdb_test_unit_ready() { return one_byte(kTestUnitReady); }
ScsiCdb cdb_start_unit() { return {kStartStopUnit, 0, 0, 0, 0x01}; }
ScsiCdb cdb_inquiry(std::uint16_t allocation) { return {kInquiry, 0, 0, high(allocation), low(allocation)}; }
ScsiCdb cdb_vital_product_data(std::uint8_t page, std::uint16_t allocation) {
    return {kInquiry, 0x01, page, high(allocation), low(allocation)};
}
ScsiCdb cdb_read_capacity_10() { return one_byte(kReadCapacity10); }
ScsiCdb cdb_mode_sense_6(std::uint8_t allocation) { return {kModeSense6, 0x08, kAllModePages, 0, allocation}; }
// The whole medium.
ScsiCdb cdb_synchronize_cache() { return one_byte(kSynchronizeCache10); }

static void put_be32(ScsiCdb& cdb, std::size_t at, std::uint32_t value) {
    util::Be32 field(value);
    std::memcpy(&cdb[at], &field, sizeof field);
}

ScsiCdb cdb_report_luns(std::uint32_t allocation) {
    ScsiCdb cdb = one_byte(kReportLuns);
    put_be32(cdb, 6, allocation);
    return cdb;
}

ScsiCdb cdb_read_capacity_16(std::uint32_t allocation) {
    ScsiCdb cdb{kServiceActionIn16, kReadCapacity16Action};
    put_be32(cdb, 10, allocation);
    return cdb;
}

ScsiCdb cdb_transfer(Transfer transfer, std::uint64_t lba, std::uint32_t count) {
    bool reads = transfer == Transfer::Read;
    ScsiCdb cdb{};
    if (lba + count <= 0x100000000 && count <= 0xffff) {
        cdb[0] = reads ? kRead10 : kWrite10;
        put_be32(cdb, 2, static_cast<std::uint32_t>(lba));
        cdb[7] = high(static_cast<std::uint16_t>(count));
        cdb[8] = low(static_cast<std::uint16_t>(count));
        return cdb;
    }
    cdb[0] = reads ? kRead16 : kWrite16;
    put_be32(cdb, 2, static_cast<std::uint32_t>(lba >> 32));
    put_be32(cdb, 6, static_cast<std::uint32_t>(lba));
    put_be32(cdb, 10, count);
    return cdb;
}

std::optional<Inquiry> parse_inquiry(util::Bytes data) {
    Reader reader(data);
    std::uint8_t first = reader.u8();
    if (!reader.ok()) return std::nullopt;
    return Inquiry{static_cast<std::uint8_t>(first >> 5), static_cast<std::uint8_t>(first & 0x1f)};
}

const char* device_type_text(std::uint8_t device_type) {
    switch (device_type) {
        case 0x01: return "tape";
        case 0x03: return "processor";
        case 0x08: return "medium changer";
        case 0x0c: return "controller";
        case 0x0d: return "enclosure";
        default: return "device of another kind";
    }
}

std::optional<Capacity> parse_capacity_10(util::Bytes data) {
    Reader reader(data);
    std::uint32_t last = reader.be32();
    std::uint32_t size = reader.be32();
    if (!reader.ok()) return std::nullopt;
    return Capacity{std::uint64_t{last} + 1, size, last == 0xffffffff};
}

std::optional<Capacity> parse_capacity_16(util::Bytes data) {
    Reader reader(data);
    std::uint64_t last = reader.be64();
    std::uint32_t size = reader.be32();
    if (!reader.ok()) return std::nullopt;
    return Capacity{last + 1, size, false};
}

std::optional<bool> parse_write_protect(util::Bytes mode_data) {
    constexpr std::uint8_t kWriteProtect = 0x80;
    Reader reader(mode_data);
    reader.skip(2);
    std::uint8_t device_specific = reader.u8();
    if (!reader.ok()) return std::nullopt;
    return (device_specific & kWriteProtect) != 0;
}

std::uint32_t identity_of_page(std::uint8_t page, util::Bytes data) {
    constexpr std::uint8_t kDeviceIdentification = 0x83, kAssociationMask = 0x30;
    Reader reader(data);
    reader.skip(1);
    if (reader.u8() != page) return 0;
    Reader body(reader.rest().size() < 2 ? util::Bytes{} : reader.rest().subspan(2));
    std::size_t length = reader.be16();
    Crc32c crc;
    bool any = false;
    if (page != kDeviceIdentification) {
        util::Bytes serial = body.rest().first(std::min(length, body.remaining()));
        crc.update(serial);
        return serial.empty() ? 0 : crc.value() | 1;
    }
    // Designators of ports and targets differ from path to path: only association 0 counts.
    while (body.remaining() >= 4) {
        util::Bytes start = body.rest();
        body.skip(1);
        std::uint8_t kind = body.u8();
        body.skip(1);
        std::size_t size = body.u8();
        body.skip(size);
        if (!body.ok() || (kind & kAssociationMask) != 0) continue;
        crc.update(start.first(4 + size));
        any = true;
    }
    return any ? crc.value() | 1 : 0;
}

}  // namespace san
