// Disks with FAT file systems, made of the specification's words: only blocks that have something in them exist.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace scripts {

class FatMaker {
  public:
    // A volume of that many clusters of two blocks each, which says which kind of FAT it is, from block `first` on.
    FatMaker(std::map<std::uint32_t, std::string>& disk, std::uint32_t first, std::uint32_t clusters)
        : disk(disk), first(first), bits(clusters < 4085 ? 12 : clusters < 65525 ? 16 : 32) {
        fat_blocks = ((clusters + 2) * bits / 8 + 511) / 512 + 1;
        data = kReserved + 2 * fat_blocks + (bits == 32 ? 0 : kRootBlocks);
        std::uint32_t blocks = data + clusters * kClusterBlocks;
        std::string& boot = block(0);
        boot.replace(0, 3, "\xeb\x3c\x90");
        set(boot, 11, 512, 2);
        set(boot, 13, kClusterBlocks, 1);
        set(boot, 14, kReserved, 2);
        set(boot, 16, 2, 1);
        set(boot, 17, bits == 32 ? 0 : kRootBlocks * 16, 2);
        set(boot, 19, blocks < 0x10000 ? blocks : 0, 2);
        set(boot, 21, 0xf8, 1);
        set(boot, 22, bits == 32 ? 0 : fat_blocks, 2);
        set(boot, 32, blocks < 0x10000 ? 0 : blocks, 4);
        if (bits == 32) {
            set(boot, 36, fat_blocks, 4);
            set(boot, 44, 2, 4);
            chain({2});
        }
        set(boot, 510, 0xaa55, 2);
    }
    std::string& block(std::uint32_t number) {
        std::string& content = disk[first + number];
        content.resize(512);
        return content;
    }
    static void set(std::string& target, std::size_t at, std::uint32_t value, std::size_t size) {
        std::memcpy(target.data() + at, &value, size);
    }
    std::uint32_t end() const { return bits == 12 ? 0xfff : bits == 16 ? 0xffff : 0xfffffff; }
    void set_next(std::uint32_t cluster, std::uint32_t value) {
        std::size_t nibble = std::size_t{cluster} * bits / 4;
        for (unsigned i = 0; i < bits / 4; ++i, ++nibble) {
            auto& byte = block(kReserved + static_cast<std::uint32_t>(nibble / 1024))[nibble / 2 % 512];
            unsigned shift = nibble % 2 * 4, four = value >> 4 * i & 15;
            byte = static_cast<char>((static_cast<unsigned char>(byte) & ~(15u << shift)) | four << shift);
        }
    }
    void chain(const std::vector<std::uint32_t>& clusters) {
        for (std::size_t i = 0; i < clusters.size(); ++i) set_next(clusters[i], i + 1 < clusters.size() ? clusters[i + 1] : end());
    }
    void entry(const std::string& bytes) {
        std::uint32_t number = entries++;
        std::uint32_t at = bits != 32 ? data - kRootBlocks + number / 16 : cluster_block(root[number / 32]) + number / 16 % 2;
        block(at).replace(number % 16 * 32, 32, bytes);
    }
    static std::string short_entry(std::string_view name, std::uint8_t attributes, std::uint32_t cluster, std::uint32_t size) {
        std::string bytes(32, '\0');
        bytes.replace(0, 11, name);
        bytes[11] = static_cast<char>(attributes);
        set(bytes, 20, cluster >> 16, 2);
        set(bytes, 26, cluster, 2);
        set(bytes, 28, size, 4);
        return bytes;
    }
    // The part of a long name, the last 13 characters first.
    static std::string part(std::string_view name, std::uint8_t number, std::string_view of) {
        constexpr std::size_t kPlaces[] = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
        std::string bytes(32, '\0');
        bytes[0] = static_cast<char>(number);
        bytes[11] = 15;
        unsigned sum = 0;
        for (char c : of) sum = ((sum & 1) << 7) + (sum >> 1) + static_cast<unsigned char>(c), sum &= 255;
        bytes[13] = static_cast<char>(sum);
        for (std::size_t i = 0; i < 13; ++i) set(bytes, kPlaces[i], i < name.size() ? static_cast<unsigned char>(name[i]) : i == name.size() ? 0 : 0xffff, 2);
        return bytes;
    }
    void content(const std::vector<std::uint32_t>& clusters, const std::string& text) {
        chain(clusters);
        for (std::size_t at = 0; at < std::min(text.size(), clusters.size() * 1024); at += 512)
            block(cluster_block(clusters[at / 1024]) + at / 512 % 2).replace(0, std::min<std::size_t>(512, text.size() - at), text.substr(at, 512));
    }
    // A file with a long name, as file managers make it.
    void file(std::string_view name, const std::string& text, const std::vector<std::uint32_t>& clusters) {
        entry(part(name, 0x41, "AUTOEX~1IPX"));
        entry(short_entry("AUTOEX~1IPX", 32, clusters[0], static_cast<std::uint32_t>(text.size())));
        content(clusters, text);
    }
    std::uint32_t cluster_block(std::uint32_t cluster) const { return data + (cluster - 2) * kClusterBlocks; }

    static constexpr std::uint32_t kClusterBlocks = 2, kReserved = 3, kRootBlocks = 4;
    std::map<std::uint32_t, std::string>& disk;
    std::uint32_t first, bits, fat_blocks = 0, data = 0, entries = 0;
    std::vector<std::uint32_t> root{2};  // FAT32: its clusters
};

}  // namespace scripts
