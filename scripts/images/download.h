// A download on its way to its final place in RAM: the one copy is from the packet. Says on the console how far it is.
#pragma once

#include "net/fetch/fetch.h"
#include "scripts/images/image.h"

namespace scripts {

class Download final : public net::FetchSink {
  public:
    // What was too little goes to `detail`.
    Download(ImageTable& images, util::Loop& loop, util::TextSink& detail)
        : images_(images), loop_(loop), detail_(detail), begun_(loop.now()), said_(begun_) {}

    // Failure: kNoImageMemory.
    util::Result<void> begin(std::optional<std::uint64_t> size) override;
    util::Result<void> write(util::Bytes data) override;

    MemoryGap place() const { return {gap_.base, received_}; }
    // " ok", and how much in which time when it took long enough for people to wonder.
    void say_done();

  private:
    void say_progress();
    util::Result<void> refuse(std::uint64_t wanted);

    ImageTable& images_;
    util::Loop& loop_;
    util::TextSink& detail_;
    MemoryGap gap_;
    std::uint32_t received_ = 0;
    std::uint64_t announced_ = 0;  // 0: not known
    util::Instant begun_, said_;
    unsigned said_percent_ = 0;
};

}  // namespace scripts
