import { expect, test } from '@jest/globals';
import { assignAdmins } from './assign-admins.ts';
import type { LocatedAdmin, SourceCity } from './read-cities.ts';

const city = (cityId: number, name: string, adminCode: string, lat = cityId): SourceCity => {
  return {
    cityId,
    name,
    country: 'VN',
    adminCode,
    featureCode: 'PPL',
    population: 1,
    loc: { coordinates: [100, lat] },
  };
};
const entry = (name: string, admin1: string, lat: number): LocatedAdmin => {
  return { name, country: 'VN', admin1, lat: String(lat), lng: '100' };
};

test('a city has the code of the newer entry of its name and place, whatever its own was', () => {
  const hanoi = city(1, 'Hà Nội', '44');
  expect(assignAdmins([hanoi], [entry('Ha Noi', '01', 1.01), entry('Ha Noi', '02', 1.015)])(hanoi)).toBe('VN.01');
  expect(assignAdmins([hanoi], [entry('Ha Noi', '01', 1.03)])(hanoi)).toBeUndefined();
});

test('a city without a newer entry keeps its code only if most of that code agree with it', () => {
  const cities = [city(1, 'A', '10'), city(2, 'B', '10'), city(3, 'C', '10'), city(4, 'Alone', '10')];
  const alone = city(4, 'Alone', '10');
  const agreeing = [entry('A', '10', 1), entry('B', '10', 2), entry('C', '20', 3)];
  const disagreeing = [entry('A', '10', 1), entry('B', '20', 2)];
  expect(assignAdmins(cities, agreeing)(alone)).toBe('VN.10');
  expect(assignAdmins(cities, disagreeing)(alone)).toBeUndefined();
});
