// What sanpiper-run is told.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/address.h"

namespace run {

struct Options {
    std::string script;
    std::vector<std::pair<std::string, std::string>> settings;
    std::deque<std::string> answers;
    std::optional<std::string> tftp;  // folder; the script's own without
    std::string boot_file;            // that DHCP names
    std::string capture;
    std::vector<std::string> trusted;  // files of certificates
    net::MacAddress mac{{0x52, 0x54, 0, 0x12, 0x34, 0x56}};
    unsigned memory = 1024;  // MiB
    unsigned timeout = 0;    // seconds; 0: none
    bool has_network = true;
    bool has_lease = true;   // the script finds the network configured
};

// nullopt: the program is to end with that code; it has been said why.
std::optional<Options> parse_options(const std::vector<std::string>& arguments, int& code);

}  // namespace run
