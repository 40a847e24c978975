// CDs, made of the words of ECMA-119: a volume whose root directory has one sector.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

namespace scripts {

struct IsoMaker {
    static constexpr std::uint32_t kRoot = 20, kSectors = 1000;
    explicit IsoMaker(std::map<std::uint32_t, std::string>& disk, std::uint32_t descriptor = 16) : descriptor(descriptor), disk(disk) {
        write(descriptor, 1, "CD001\1");
        set(descriptor, 0, 1, 1);
        set(descriptor, 80, kSectors);
        set(descriptor, 128, 2048, 2);
        write(descriptor, 156, record(std::string_view("\0", 1), kRoot, 2048, 2));
        add(record(std::string_view("\0", 1), kRoot, 2048, 2));
        add(record("\1", kRoot, 2048, 2));
    }
    void write(std::uint32_t sector, std::size_t at, std::string_view text) {
        for (; !text.empty(); ++at, text.remove_prefix(1)) {
            std::string& block = disk[sector * 4 + static_cast<std::uint32_t>(at / 512)];
            block.resize(512);
            block[at % 512] = text[0];
        }
    }
    void set(std::uint32_t sector, std::size_t at, std::uint32_t value, std::size_t size = 4) {
        write(sector, at, {reinterpret_cast<const char*>(&value), size});
    }
    static std::string record(std::string_view name, std::uint32_t sector, std::uint32_t length, std::uint8_t flags) {
        std::string bytes(33 + name.size() + (name.size() % 2 ? 0 : 1), '\0');
        bytes[0] = static_cast<char>(bytes.size());
        std::memcpy(bytes.data() + 2, &sector, 4);
        std::memcpy(bytes.data() + 10, &length, 4);
        bytes[25] = static_cast<char>(flags);
        bytes[32] = static_cast<char>(name.size());
        bytes.replace(33, name.size(), name);
        return bytes;
    }
    void add(const std::string& record) {
        write(kRoot, used, record);
        used += record.size();
    }
    void file(std::string_view name, std::string_view text) {
        add(record(name, next, static_cast<std::uint32_t>(text.size()), 0));
        write(next, 0, text);
        next += static_cast<std::uint32_t>(text.size() / 2048 + 1);
    }
    std::uint32_t descriptor, next = 30;
    std::size_t used = 0;
    std::map<std::uint32_t, std::string>& disk;
};

}  // namespace scripts
