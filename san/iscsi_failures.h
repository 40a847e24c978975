// All failures of iSCSI and of the SCSI behind it, for scripts (${errno}) and people.
#pragma once

#include "util/result.h"

namespace san {

namespace iscsi_code {
inline constexpr std::uint16_t kUri = util::code::kIscsi + 0x00;
inline constexpr std::uint16_t kLogin = util::code::kIscsi + 0x20;
inline constexpr std::uint16_t kSession = util::code::kIscsi + 0x50;
inline constexpr std::uint16_t kScsi = util::code::kIscsi + 0x80;
}  // namespace iscsi_code

// URIs and names.
inline constexpr util::Failure kNotIscsiUri{iscsi_code::kUri + 1,
                                            "not of the form iscsi:server:protocol:port:LUN:target"};
inline constexpr util::Failure kNoServer{iscsi_code::kUri + 2, "the iSCSI URI names no server"};
inline constexpr util::Failure kNoTargetName{iscsi_code::kUri + 3, "the iSCSI URI names no target"};
inline constexpr util::Failure kBadProtocol{iscsi_code::kUri + 4,
                                            "the iSCSI URI's protocol field is not 6, tcp or empty"};
inline constexpr util::Failure kBadPort{iscsi_code::kUri + 5,
                                        "the iSCSI URI's port is not a number from 1 to 65535"};
inline constexpr util::Failure kBadLun{
    iscsi_code::kUri + 6, "the iSCSI URI's LUN is not hexadecimal, up to four groups of 4 digits"};
inline constexpr util::Failure kPortAndLunSwapped{iscsi_code::kUri + 7,
                                                  "port and LUN are in each other's place in the iSCSI URI"};
inline constexpr util::Failure kBadTargetName{iscsi_code::kUri + 8,
                                              "an iSCSI name must begin with iqn, eui or naa and a dot"};
inline constexpr util::Failure kIpv6Unsupported{iscsi_code::kUri + 9, "IPv6 is not supported"};
inline constexpr util::Failure kNoInitiatorName{iscsi_code::kUri + 10,
                                                "no initiator name: set initiator-iqn"};

// Login (RFC 7143 section 11.13.5).
inline constexpr util::Failure kAuthenticationFailed{iscsi_code::kLogin + 1, "authentication failed"};
inline constexpr util::Failure kNotAllowed{iscsi_code::kLogin + 2, "this initiator may not use that target"};
inline constexpr util::Failure kTargetNotFound{iscsi_code::kLogin + 3, "target not found"};
inline constexpr util::Failure kTargetRemoved{iscsi_code::kLogin + 4, "target removed"};
inline constexpr util::Failure kLoginRefused{iscsi_code::kLogin + 5, "the target refused the login"};
inline constexpr util::Failure kTargetBusy{iscsi_code::kLogin + 6, "the target cannot take a login now"};
inline constexpr util::Failure kTooManyRedirects{iscsi_code::kLogin + 7,
                                                 "the target redirects the login over and over"};
inline constexpr util::Failure kBadRedirect{iscsi_code::kLogin + 8,
                                            "the target redirects to an address that makes no sense"};
inline constexpr util::Failure kChapNeeded{iscsi_code::kLogin + 9,
                                           "the target asks for CHAP, and no username is set"};
inline constexpr util::Failure kChapAlgorithm{iscsi_code::kLogin + 10,
                                              "the target offers no CHAP algorithm known here (MD5)"};
inline constexpr util::Failure kChapMalformed{iscsi_code::kLogin + 11,
                                              "the target's CHAP challenge is malformed"};
inline constexpr util::Failure kChapSameSecret{
    iscsi_code::kLogin + 12, "the CHAP secret is the same in both directions, which is forbidden"};
inline constexpr util::Failure kTargetNotAuthentic{iscsi_code::kLogin + 13,
                                                   "the target failed to prove itself by CHAP"};
inline constexpr util::Failure kLoginProtocol{iscsi_code::kLogin + 15,
                                              "the target does not keep to the login protocol"};
inline constexpr util::Failure kLoginEndless{iscsi_code::kLogin + 16, "the login does not come to an end"};
inline constexpr util::Failure kLoginTimedOut{iscsi_code::kLogin + 17, "no answer to the login"};
inline constexpr util::Failure kReverseWithoutForward{iscsi_code::kLogin + 18,
                                                      "mutual CHAP needs username and password, too"};
inline constexpr util::Failure kAuthMethodRejected{iscsi_code::kLogin + 19,
                                                   "the target refuses all authentication methods offered"};

// A session's end.
inline constexpr util::Failure kConnectionClosed{iscsi_code::kSession + 1,
                                                 "the target closed the connection"};
inline constexpr util::Failure kTargetSilent{iscsi_code::kSession + 2, "the target has gone silent"};
inline constexpr util::Failure kTaskStuck{iscsi_code::kSession + 3, "a SCSI command was never answered"};
inline constexpr util::Failure kBadPdu{iscsi_code::kSession + 4, "the target sent a malformed PDU"};
inline constexpr util::Failure kUnexpectedPdu{iscsi_code::kSession + 5,
                                              "the target sent a PDU that is out of place"};
inline constexpr util::Failure kSegmentTooLong{iscsi_code::kSession + 6,
                                               "the target sent a data segment longer than agreed"};
inline constexpr util::Failure kDigestError{iscsi_code::kSession + 7, "a PDU arrived damaged (digest)"};
inline constexpr util::Failure kDataOutOfOrder{iscsi_code::kSession + 8,
                                               "the target sent data out of order or beyond the request"};
inline constexpr util::Failure kBadReadyToTransfer{iscsi_code::kSession + 9,
                                                   "the target asked for data beyond the request"};
inline constexpr util::Failure kPduRejected{iscsi_code::kSession + 10, "the target rejected a PDU"};
inline constexpr util::Failure kLogoutWanted{iscsi_code::kSession + 11, "the target asked to log out"};
inline constexpr util::Failure kTargetDropped{iscsi_code::kSession + 12,
                                              "the target announced that it drops the session"};
inline constexpr util::Failure kLoggedOut{iscsi_code::kSession + 13, "logged out"};
inline constexpr util::Failure kSessionAbandoned{iscsi_code::kSession + 14,
                                                 "the session was given up to cancel a write"};
inline constexpr util::Failure kPatienceEnded{iscsi_code::kSession + 15,
                                              "the session was lost and could not be made anew"};
inline constexpr util::Failure kLunChanged{iscsi_code::kSession + 16,
                                           "after the reconnect the LUN is another disk than before"};
inline constexpr util::Failure kDeviceClosed{iscsi_code::kSession + 17, "the drive is closed"};
inline constexpr util::Failure kNoMoreCommands{iscsi_code::kSession + 18, "the target takes no more commands"};

// SCSI.
inline constexpr util::Failure kNoSuchLun{iscsi_code::kScsi + 1, "there is no such LUN"};
inline constexpr util::Failure kNotADisk{iscsi_code::kScsi + 2, "the LUN is neither a disk nor a CD"};
inline constexpr util::Failure kBlockSize{iscsi_code::kScsi + 3,
                                          "the LUN's block size is not 512, 2048 or 4096 bytes"};
inline constexpr util::Failure kNotReady{iscsi_code::kScsi + 4, "the LUN is not ready"};
inline constexpr util::Failure kMediumError{iscsi_code::kScsi + 5, "medium error"};
inline constexpr util::Failure kHardwareError{iscsi_code::kScsi + 6, "hardware error"};
inline constexpr util::Failure kIllegalRequest{iscsi_code::kScsi + 7,
                                               "the target does not accept the command"};
inline constexpr util::Failure kWriteProtected{iscsi_code::kScsi + 8, "the LUN is write-protected"};
inline constexpr util::Failure kCommandAborted{iscsi_code::kScsi + 9, "the target aborted the command"};
inline constexpr util::Failure kSpaceExhausted{iscsi_code::kScsi + 10, "no space left on the target"};
inline constexpr util::Failure kReservationConflict{iscsi_code::kScsi + 11,
                                                    "the LUN is reserved by another initiator"};
inline constexpr util::Failure kScsiBusy{iscsi_code::kScsi + 12, "the LUN stays busy"};
inline constexpr util::Failure kShortTransfer{iscsi_code::kScsi + 13,
                                              "the target moved fewer bytes than asked"};
inline constexpr util::Failure kScsiFailed{iscsi_code::kScsi + 14, "the SCSI command failed"};
inline constexpr util::Failure kTargetFailure{iscsi_code::kScsi + 15,
                                              "the target could not complete the command"};
inline constexpr util::Failure kOutsideDisk{iscsi_code::kScsi + 16, "beyond the end of the LUN"};
inline constexpr util::Failure kEmptyLun{iscsi_code::kScsi + 17, "the LUN has no blocks"};

}  // namespace san
