// Addresses in a packed 32-bit image: found without a relocation table, and those that can be foretold are said to be the next one.
//
// Each lies there with its high byte first, as if the image were linked for an address that is so unlike anything else in it
// that each word near it, found from the image's start on, byte by byte, is one of its addresses.
#pragma once

#include <cstdint>
#include <span>

namespace util {

struct AddressImage {
    std::uint8_t* bytes;
    std::uint32_t size;
    std::uint32_t address;   // the unlikely one
    // Offsets. Of each kind, the order is that in which they are named first.
    std::uint32_t strings;   // string literals, each with its zero
    std::uint32_t objects;   // constants and variables, behind them
    std::span<const std::uint32_t> functions;  // those that nobody calls by name
};

// On the host. `places` has offsets of words that are offsets in the image, from low to high. False when others would be found;
// then another address may do.
bool addresses_encode(const AddressImage& image, std::span<const std::uint32_t> places);
// Makes them addresses in an image that is at `base`. Any input is safe.
void addresses_decode(const AddressImage& image, std::uint32_t base);

}  // namespace util
