// Partition tables, made of the specifications' words.
#pragma once

#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace scripts {

struct DiskMaker {
    explicit DiskMaker(std::map<std::uint32_t, std::string>& disk) : disk(disk) {}
    std::string& block(std::uint32_t number) {
        std::string& content = disk[number];
        content.resize(512);
        return content;
    }
    void set(std::uint32_t number, std::size_t at, std::uint64_t value, std::size_t size) { std::memcpy(block(number).data() + at, &value, size); }
    // Of the master boot record, or of a logical partition.
    void table_entry(std::uint32_t number, unsigned entry, std::uint8_t type, std::uint32_t first) {
        set(number, 446 + 16 * entry + 4, type, 1);
        set(number, 446 + 16 * entry + 8, first, 4);
        set(number, 510, 0xaa55, 2);
    }
    // 0: an entry that is not used.
    void guid_table(const std::vector<std::uint64_t>& first, std::uint32_t entry_size = 128, std::uint64_t at = 2) {
        block(1).replace(0, 8, "EFI PART");
        set(1, 72, at, 8);
        set(1, 80, static_cast<std::uint32_t>(first.size()), 4);
        set(1, 84, entry_size, 4);
        for (std::size_t i = 0; i < first.size(); ++i) {
            auto number = static_cast<std::uint32_t>(at + i * entry_size / 512);
            if (first[i]) set(number, i * entry_size % 512 + 15, 1, 1);
            set(number, i * entry_size % 512 + 32, first[i], 8);
        }
    }
    std::map<std::uint32_t, std::string>& disk;
};

}  // namespace scripts
