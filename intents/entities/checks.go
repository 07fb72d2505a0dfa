package entities

import (
	"strings"
	"time"
)

// s10 checks the ninth digit of a postal item number (UPU S10).
func s10(t string) bool {
	if countDigits(t) != 9 {
		return false
	}
	sum := 0
	for i, w := range []int{8, 6, 4, 2, 3, 5, 9, 7} {
		sum += int(t[i]-'0') * w
	}
	check := 11 - sum%11
	switch check {
	case 10:
		check = 0
	case 11:
		check = 5
	}
	return int(t[8]-'0') == check
}

func isMobile(t string) bool {
	return len(t) == 11 && t[0] == '1' && t[1] >= '3' && countDigits(t) == 11
}

// isLandline accepts an area code (010, 02x, 0xxx) and seven or eight digits.
func isLandline(t string) bool {
	if t[0] != '0' || t[1] == '0' {
		return false
	}
	if t[1] == '1' || t[1] == '2' {
		return len(t) == 11 && t[3] >= '2'
	}
	return t[4] >= '2'
}

// isIDNumber checks an 18-digit resident number: region, birth date, checksum.
func isIDNumber(t string) bool {
	if len(t) != 18 || countDigits(t[:17]) != 17 || t[0] == '0' || t[0] == '9' {
		return false
	}
	birth, err := time.Parse("20060102", t[6:14])
	if err != nil || birth.Year() < 1900 || birth.Year() > 2100 {
		return false
	}
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(t[i]-'0') * w
	}
	return "10x98765432"[sum%11] == t[17]
}

// isOldID checks the 15-digit resident number of before 1999: region and birth date.
func isOldID(t string) bool {
	if len(t) != 15 || countDigits(t) != 15 || t[0] == '0' || t[0] == '9' {
		return false
	}
	_, err := time.Parse("20060102", "19"+t[6:12])
	return err == nil
}

// isHotline tells the ten digits of a 400 or 800 number.
func isHotline(t string) bool {
	return len(t) == 10 && (strings.HasPrefix(t, "400") || strings.HasPrefix(t, "800"))
}

// isEAN checks a Chinese article number (EAN-13 of the range 690–699).
func isEAN(t string) bool {
	return len(t) == 13 && strings.HasPrefix(t, "69") && countDigits(t) == 13 && thirds(t)
}

// isUSPS checks a number of the United States' post: 91 to 95, check digit at the end.
func isUSPS(t string) bool {
	return t[0] == '9' && t[1] >= '1' && t[1] <= '5' && thirds(t)
}

// thirds checks a last digit by weights of three and one from the right.
func thirds(t string) bool {
	sum := 0
	for i := range len(t) {
		w := 1
		if (len(t)-i)%2 == 0 {
			w = 3
		}
		sum += w * int(t[i]-'0')
	}
	return sum%10 == 0
}

// upsCheck checks what follows 1Z: sixteen characters, the last a check digit.
func upsCheck(t string) bool {
	sum := 0
	for i := range 15 {
		v := int(t[i] - '0')
		if isLetter(rune(t[i])) {
			v = int(t[i]-'a'+2) % 10
		}
		sum += v * (1 + i%2)
	}
	return isDigit(rune(t[15])) && (sum+int(t[15]-'0'))%10 == 0
}

// isCard tells a bank card by its range and check digit (Luhn).
func isCard(t string) bool {
	if t[0] != '4' && t[0] != '5' && t[:2] != "62" || t[:2] == "50" {
		return false
	}
	sum := 0
	for i := range len(t) {
		v := int(t[i] - '0')
		if (len(t)-i)%2 == 0 {
			v = v*2/10 + v*2%10
		}
		sum += v
	}
	return sum%10 == 0
}

// isStamp tells a time in seconds or milliseconds since 1970, from 2020 to 2030.
func isStamp(t string) bool {
	return (len(t) == 10 || len(t) == 13) && t[:2] >= "16" && t[:2] <= "18"
}
