// Writes frames to a pcap file (the classic format, link type Ethernet), for wireshark and tshark.
#pragma once

#include <cstdio>
#include <string>

#include "util/bytes.h"
#include "util/time.h"

namespace host {

class Pcap {
  public:
    explicit Pcap(const std::string& path);
    Pcap(const Pcap&) = delete;
    ~Pcap();
    bool is_open() const { return file_ != nullptr; }
    void write(util::Instant at, util::Bytes frame);

  private:
    std::FILE* file_;
};

}  // namespace host
