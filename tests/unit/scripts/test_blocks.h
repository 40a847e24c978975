// A disk of a few blocks; the others are zeros.
#pragma once

#include <cstring>
#include <map>
#include <string>

#include "scripts/autoexec/disk_blocks.h"

namespace scripts {

class TestBlocks final : public DiskBlocks {
  public:
    bool read(std::uint32_t block, std::span<std::byte, kSize> target) override {
        ++reads;
        if (block >= readable) return false;
        std::memset(target.data(), 0, target.size());
        if (auto found = disk.find(block); found != disk.end()) std::memcpy(target.data(), found->second.data(), found->second.size());
        return true;
    }
    std::map<std::uint32_t, std::string> disk;
    std::uint32_t readable = UINT32_MAX;
    unsigned reads = 0;
};

}  // namespace scripts
