package entities

import "strconv"

// hanDigit gives the value of a Chinese digit, or -1.
func hanDigit(c rune) int {
	switch c {
	case '零', '〇', '○':
		return 0
	case '一', '壹':
		return 1
	case '二', '两', '俩', '贰':
		return 2
	case '三', '叁':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

func hanUnit(c rune) int {
	switch c {
	case '十', '拾':
		return 10
	case '廿':
		return 20
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	}
	return 0
}

// number reads an integer in ASCII or Chinese digits at i. It returns the index
// after it, or -1 where there is none or it is absurdly long.
func (d *doc) number(i int) (n, end int) {
	if isDigit(d.at(i)) {
		end = i
		for isDigit(d.at(end)) {
			end++
		}
		if end-i > 9 {
			return 0, -1
		}
		n, _ = strconv.Atoi(string(d.r[i:end]))
		return n, end
	}
	return d.hanNumber(i)
}

// hanNumber reads 三十五, 二百, 廿六 and digit rows such as 二零二六.
func (d *doc) hanNumber(i int) (n, end int) {
	total, last, row, units := 0, -1, 0, false
	end = i
	for ; end-i < 10; end++ {
		c := d.at(end)
		if v := hanDigit(c); v >= 0 {
			if last >= 0 {
				row++
			}
			if row > 0 && !units {
				last = last*10 + v
			} else {
				last = v
			}
			continue
		}
		u := hanUnit(c)
		if u == 0 || row > 0 && !units {
			break
		}
		units = true
		switch {
		case u == 20:
			total += 20
		case last < 0:
			total += u
		default:
			total += last * u
		}
		last = -1
	}
	if end == i {
		return 0, -1
	}
	if last >= 0 {
		total += last
	}
	return total, end
}
