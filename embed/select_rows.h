// Leaves rows out of a table while compiling, so that what only they mention is not in the image. For files that
// are compiled for each choice of features (FW_PER_FEATURES in arch/build.mk), and for nothing else: SANPIPER_FEATURES differs between them.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "embed/features.h"

#ifndef SANPIPER_FEATURES
#define SANPIPER_FEATURES "all"
#endif

namespace embed {
namespace {

constexpr std::string_view kSelection = SANPIPER_FEATURES;
static_assert(is_feature_selection(kSelection), "no such feature: `make list` names them");

// Which feature a row belongs to.
struct Belongs {
    std::string_view row;  // its name
    std::string_view feature;
    bool is_rare = false;  // nobody without the feature "tools" is told that it is missing: a ROM has no room for its name
};

constexpr bool has_row(std::span<const Belongs> optional, std::string_view row) {
    auto found = std::ranges::find(optional, row, &Belongs::row);
    return found == optional.end() || has_feature(kSelection, found->feature);
}

// The rows of `table` that are not optional, or belong to a feature that the image has. Rows have a `name`.
template <const auto& table, const auto& optional>
consteval auto select_rows() {
    constexpr auto keep = [](const auto& row) { return has_row(optional, row.name); };
    std::array<std::remove_cvref_t<decltype(table[0])>, std::ranges::count_if(table, keep)> chosen{};
    std::ranges::copy_if(table, chosen.begin(), keep);
    return chosen;
}

// The same rows without their `help`, where the image has not the feature "settings": it is for documentation and people who look
// around, and a ROM has no room for it.
template <class Rows>
consteval Rows without_help(Rows rows) {
    if (!has_feature(kSelection, "settings"))
        for (auto& row : rows) row.help = "";
    return rows;
}

// What of `optional` the image lacks: the name of each feature that has rows there, then its rows' names, then an empty one. One text, as a table of
// views has ten times its size.
template <const auto& optional>
consteval auto missing_rows() {
    constexpr auto write = [](char* out) {
        std::size_t size = 0;
        auto put = [&](std::string_view text) {
            for (char c : text) out ? void(out[size++] = c) : void(++size);
            out ? void(out[size++] = 0) : void(++size);
        };
        for (const Feature& feature : kFeatures) {
            if (has_feature(kSelection, feature.name) || std::ranges::find(optional, feature.name, &Belongs::feature) == std::end(optional)) continue;
            put(feature.name);
            for (const Belongs& row : optional)
                if (row.feature == feature.name && (!row.is_rare || has_feature(kSelection, "tools"))) put(row.row);
            put({});
        }
        put({});
        return size;
    };
    std::array<char, write(nullptr)> names{};
    write(names.data());
    return names;
}

// The feature that has the row; empty: the image does not lack it.
constexpr std::string_view feature_of_missing(const char* missing, std::string_view row) {
    while (*missing) {
        std::string_view feature = missing;
        missing += feature.size() + 1;
        while (*missing) {
            std::string_view name = missing;
            if (name == row) return feature;
            missing += name.size() + 1;
        }
        ++missing;
    }
    return {};
}

}  // namespace
}  // namespace embed
