// SCSI commands that we send and the answers to them: SPC-4 (INQUIRY, REPORT LUNS, TEST UNIT READY, MODE SENSE),
// SBC-3 and MMC-6 (READ CAPACITY, READ, WRITE, SYNCHRONIZE CACHE, START STOP UNIT).
#pragma once

#include <optional>

#include "san/scsi_task.h"

namespace san {

ScsiCdb cdb_test_unit_ready();
ScsiCdb cdb_start_unit();
ScsiCdb cdb_inquiry(std::uint16_t allocation);
ScsiCdb cdb_vital_product_data(std::uint8_t page, std::uint16_t allocation);
ScsiCdb cdb_report_luns(std::uint32_t allocation);
ScsiCdb cdb_read_capacity_10();
ScsiCdb cdb_read_capacity_16(std::uint32_t allocation);
ScsiCdb cdb_mode_sense_6(std::uint8_t allocation);
ScsiCdb cdb_synchronize_cache();
// READ or WRITE, 10 where it reaches, else 16.
enum class Transfer : std::uint8_t { Read, Write };
ScsiCdb cdb_transfer(Transfer transfer, std::uint64_t lba, std::uint32_t count);

// Standard INQUIRY data (SPC-4 section 6.4.2).
struct Inquiry {
    static constexpr std::uint8_t kDisk = 0x00, kCdrom = 0x05, kController = 0x0c, kNoDevice = 0x1f;
    std::uint8_t qualifier = 0;
    std::uint8_t device_type = 0;
};
std::optional<Inquiry> parse_inquiry(util::Bytes data);
// What is neither disk nor CD, in words: never null.
const char* device_type_text(std::uint8_t device_type);

struct Capacity {
    std::uint64_t blocks = 0;
    std::uint32_t block_size = 0;
    bool too_large = false;  // READ CAPACITY (10) says: ask (16)
};
std::optional<Capacity> parse_capacity_10(util::Bytes data);
std::optional<Capacity> parse_capacity_16(util::Bytes data);

// The WP bit; nullopt when the data is too short.
std::optional<bool> parse_write_protect(util::Bytes mode_data);

// What of a VPD page stays the same for a logical unit whichever way it is reached: a checksum over the serial
// (page 80h) or over the designators of the logical unit itself (page 83h). 0 when there is nothing of the kind.
std::uint32_t identity_of_page(std::uint8_t page, util::Bytes data);

}  // namespace san
