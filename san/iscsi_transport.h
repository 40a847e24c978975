// PDUs over a byte stream: taking them apart as bytes arrive, and putting them in as there is room. Padding and
// CRC32C digests (RFC 7143 sections 11.2 and 13.1) end here. Owned by IscsiSession.
#pragma once

#include "net/stream.h"
#include "san/crc32c.h"
#include "san/iscsi_pdu.h"
#include "util/result.h"

namespace san {

struct Digests {
    bool header = false;
    bool data = false;
};

// Reads one PDU after the other. The data segment goes straight from the stream to where place() says: one copy.
class PduReader {
  public:
    enum class Step : std::uint8_t {
        NeedMore,  // the stream has no more now
        Header,    // header() is there: call place() before the next step
        Complete,  // the data segment, too, and all digests were right
        Failed,    // failure() says why; the stream is of no use any more
    };
    Step step(net::Stream& stream);

    const IscsiHeader& header() const { return header_; }
    std::size_t data_length() const { return header_.data_segment_length; }
    // Where the data segment goes. What is beyond the target's size is dropped.
    void place(util::MutableBytes target) { target_ = target; }
    // Forgets where the data went: whoever owned that memory takes it back.
    void drop_target() { target_ = {}; }
    const util::Failure& failure() const { return *failure_; }

    void set_digests(Digests digests) { digests_ = digests; }
    void set_limit(std::uint32_t longest_data_segment) { limit_ = longest_data_segment; }

  private:
    enum class Part : std::uint8_t { Header, AdditionalHeader, HeaderDigest, Data, Padding, DataDigest };

    bool fill(net::Stream& stream, util::MutableBytes whole);
    bool skip(net::Stream& stream, std::size_t count);
    bool take_data(net::Stream& stream);
    Step fail(const util::Failure& failure);
    Step after_header();
    Step complete();
    void enter(Part part);
    bool digest_matches();

    IscsiHeader header_;
    util::Le32 digest_;
    Digests digests_;
    std::uint32_t limit_ = kDefaultSegmentLength;
    Part part_ = Part::Header;
    std::size_t have_ = 0;  // of the current part
    util::MutableBytes target_;
    Crc32c crc_;
    const util::Failure* failure_ = nullptr;
};

// Sends one PDU at a time: start(), then flush() until it is done.
class PduWriter {
  public:
    bool busy() const { return busy_; }
    // The data must stay where it is until busy() is false.
    template <IscsiHeaderStruct T>
    void start(const T& header, util::Bytes data = {}) {
        start_header(header_cast<IscsiHeader>(header), data);
    }
    // Hands over what the stream takes. True when that was anything.
    bool flush(net::Stream& stream);

    void set_digests(Digests digests) { digests_ = digests; }

  private:
    void start_header(const IscsiHeader& header, util::Bytes data);

    std::array<std::byte, kHeaderSize + sizeof(util::Le32)> head_{};
    std::array<std::byte, 3 + sizeof(util::Le32)> tail_{};  // padding and digest
    util::Bytes pieces_[3];
    Digests digests_;
    bool busy_ = false;
};

constexpr std::size_t padding_of(std::size_t length) { return (4 - length % 4) % 4; }

}  // namespace san
